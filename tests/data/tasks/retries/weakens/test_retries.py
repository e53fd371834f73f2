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


if __name__ == "__main__":
    unittest.main()
