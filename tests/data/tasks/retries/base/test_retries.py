import unittest

from retries import call


class RetriesTest(unittest.TestCase):
    def test_tries_again(self):
        answers = [OSError("a"), OSError("b"), 3]

        def work():
            answer = answers.pop(0)
            if isinstance(answer, OSError):
                raise answer
            return answer

        self.assertEqual(call(work, 3), 3)

    def test_gives_up(self):
        count = []

        def work():
            count.append(1)
            raise OSError(len(count))

        with self.assertRaises(OSError):
            call(work, 2)
        self.assertEqual(len(count), 2)


if __name__ == "__main__":
    unittest.main()
