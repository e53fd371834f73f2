import unittest

from prices import discounted


class PricesTest(unittest.TestCase):
    def test_halves(self):
        self.assertEqual(discounted(5, 50), 3)

    def test_too_much(self):
        with self.assertRaises(ValueError):
            discounted(5, 101)


if __name__ == "__main__":
    unittest.main()
