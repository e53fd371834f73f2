import unittest

from prices import discounted


class PricesTest(unittest.TestCase):
    def test_round_sums(self):
        self.assertEqual(discounted(1000, 15), 850)

    def test_a_third_of_a_cent(self):
        self.assertIn(discounted(99, 10), (88, 89, 90))


if __name__ == "__main__":
    unittest.main()
