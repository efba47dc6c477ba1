"""What a key stands for is decided once, on both databases."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from activities.asked import Asked, AskedBefore


def test_key_stands_for_its_first_request_until_it_is_released(engine: Engine):
    asked = AskedBefore(engine)
    first = Asked("a", ("c1", "c2"))

    assert asked.get("k") is None
    assert asked.claim("k", "a", ["c1", "c2"]) == first
    assert asked.claim("k", "b", ["c3"]) == asked.get("k") == first

    asked.release("k")
    assert asked.claim("k", "b", ["c3"]) == Asked("b", ("c3",))


def test_of_many_at_once_one_request_gets_the_key(engine: Engine):
    asked = AskedBefore(engine)

    with ThreadPoolExecutor(8) as people:
        found = set(people.map(lambda n: asked.claim("k", f"{n}", [f"c{n}"]), range(16)))

    assert len(found) == 1
