"""Nothing is asked for that could go over the cap, unless the person says so."""

import asyncio

from xreview.review.asking.money import Money


async def test_running_requests_count_as_spent() -> None:
    money = Money(1.0)

    first = await money.promise(0.6)
    assert first is not None
    assert await money.promise(0.6) is None
    money.settle(first, 0.1)

    assert await money.promise(0.6) is not None
    assert money.spent == 0.1


async def test_a_yes_raises_the_cap_and_is_asked_once_for_all_that_wait() -> None:
    asked: list[tuple[float, float]] = []

    async def ask(wanted: float, cap: float) -> bool:
        asked.append((wanted, cap))
        await asyncio.sleep(0)
        return True

    money = Money(1.0, ask)
    promises = await asyncio.gather(*(money.promise(0.5) for _ in range(4)))

    assert all(promises)
    assert len(asked) == 1
    assert money.cap == 2.0


async def test_a_no_holds_for_the_rest() -> None:
    asked: list[float] = []

    async def ask(wanted: float, cap: float) -> bool:
        asked.append(wanted)
        return False

    money = Money(1.0, ask)

    assert await asyncio.gather(money.promise(2.0), money.promise(3.0)) == [None, None]
    assert await money.promise(0.5) is not None
    assert len(asked) == 1
