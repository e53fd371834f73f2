import unittest

from spans import merged


class SpansTest(unittest.TestCase):
    def test_overlap(self):
        self.assertEqual(merged([(1, 4), (3, 6), (9, 9)]), [(1, 6), (9, 9)])

    def test_order(self):
        self.assertEqual(merged([(7, 8), (1, 2)]), [(1, 2), (7, 8)])


if __name__ == "__main__":
    unittest.main()
