"""Nothing is asked for that could go over the cap, unless the person says so."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from xreview.review.asking.money import Money


async def test_what_a_request_did_not_use_is_there_for_the_next() -> None:
    money = Money(1.0)
    order: list[str] = []

    async def ask(name: str, cost: float) -> None:
        async with money.spending(0.6) as spending:
            assert spending is not None
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            spending.cost = cost
            order.append(f"{name} ends")

    await asyncio.gather(ask("first", 0.1), ask("second", 0.2))

    assert order == ["first begins", "first ends", "second begins", "second ends"]
    assert money.spent == pytest.approx(0.3)


async def test_nothing_goes_over_the_cap() -> None:
    money = Money(1.0)
    async with money.spending(0.8) as spending:
        assert spending is not None

    async with money.spending(0.3) as refused:
        assert refused is None

    assert money.spent == 0.8


async def test_a_request_that_fails_counts_as_promised() -> None:
    money = Money(1.0)
    with pytest.raises(OSError, match="gone"):
        async with money.spending(0.7):
            raise OSError("gone")

    assert money.spent == 0.7


async def test_a_yes_raises_the_cap_and_is_asked_once_for_all_that_wait() -> None:
    asked: list[tuple[float, float]] = []

    async def ask(wanted: float, cap: float) -> bool:
        asked.append((wanted, cap))
        await asyncio.sleep(0)
        return True

    money = Money(1.0, ask)

    async def spend() -> bool:
        async with money.spending(0.5) as spending:
            await asyncio.sleep(0)
            return spending is not None

    assert await asyncio.gather(*(spend() for _ in range(4))) == [True] * 4
    assert asked == [(1.5, 1.0)]
    assert money.cap == 2.0


async def test_a_no_holds_for_the_rest() -> None:
    asked: list[float] = []

    async def ask(wanted: float, cap: float) -> bool:
        asked.append(wanted)
        return False

    money = Money(1.0, ask)

    for at_most, is_granted in ((2.0, False), (3.0, False), (0.5, True)):
        async with money.spending(at_most) as spending:
            assert (spending is not None) == is_granted
    assert len(asked) == 1


async def test_a_cancelled_wait_leaves_nothing_promised() -> None:
    money = Money(1.0)
    async with money.spending(0.9):
        waiting = asyncio.create_task(_enter(money))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    async with money.spending(0.1) as spending:
        assert spending is not None


async def _enter(money: Money) -> None:
    async with money.spending(0.9):
        await asyncio.sleep(60)


async def test_nobody_waits_for_money_that_only_rounding_left_promised() -> None:
    money = Money(1.0)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(money.spending(0.1))
        async with money.spending(0.2) as second:
            assert first is not None
            assert second is not None
            await stack.aclose()  # 0.1 + 0.2 - 0.1 - 0.2 is more than nothing
    async with asyncio.timeout(10), money.spending(5.0) as spending:
        assert spending is None
