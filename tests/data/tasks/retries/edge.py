import unittest

from retries import call


class RetriesTest(unittest.TestCase):
    def test_no_attempt(self):
        with self.assertRaises(ValueError):
            call(int, 0)


if __name__ == "__main__":
    unittest.main()
