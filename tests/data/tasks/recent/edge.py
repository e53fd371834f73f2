import unittest

from recent import Recent


class RecentTest(unittest.TestCase):
    def test_reading_is_using(self):
        store = Recent(2)
        store.put("a", 1)
        store.put("b", 2)
        store.get("a")
        store.put("c", 3)
        self.assertEqual((store.get("a"), store.get("b")), (1, None))


if __name__ == "__main__":
    unittest.main()
