import unittest

from spans import merged


class SpansTest(unittest.TestCase):
    def test_touching(self):
        self.assertEqual(merged([(1, 2), (3, 4)]), [(1, 4)])

    def test_inside(self):
        self.assertEqual(merged([(1, 9), (2, 3)]), [(1, 9)])


if __name__ == "__main__":
    unittest.main()
