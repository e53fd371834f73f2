CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
INSERT INTO blobs VALUES ('b0', X'0A0B0CFF');
INSERT INTO blobs VALUES ('b1', CAST('{"role": "user", "content": "write a basket"}' AS BLOB));
INSERT INTO blobs VALUES ('b2', CAST('{"role": "assistant", "content": [{"type": "tool-call", "toolCallId": "c1", "toolName": "Write", "args": {"path": "@TOP@/shop/basket.py", "contents": "def total(items):\n    if not items:\n        return ZERO\n    else:\n        pass\n"}}], "createdAt": 1772600761000, "providerOptions": {"cursor": {"modelName": "composer-2.5"}}}' AS BLOB));
INSERT INTO blobs VALUES ('b3', CAST('{"role": "assistant", "content": [{"type": "tool-call", "toolCallId": "c2", "toolName": "StrReplace", "args": {"path": "@TOP@/shop/basket.py", "old_string": "        pass\n", "new_string": "        prices = [item.price for item in items]\n        return sum(prices, start=ZERO)\n\n\ndef cheapest(items):\n    return min(items, key=price_of)\n"}}], "createdAt": 1772600762000, "providerOptions": {"cursor": {"modelName": "composer-2.5"}}}' AS BLOB));
