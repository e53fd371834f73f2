import unittest

from recent import Recent


class RecentTest(unittest.TestCase):
    def test_keeps(self):
        store = Recent(2)
        store.put("a", 1)
        self.assertEqual(store.get("a"), 1)
        self.assertIsNone(store.get("b"))

    def test_forgets(self):
        store = Recent(2)
        for key in "abc":
            store.put(key, key)
        self.assertEqual(store.get("c"), "c")


if __name__ == "__main__":
    unittest.main()
