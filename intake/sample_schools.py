"""Made-up schools, so that a plan can be tried before its real list of schools is entered."""

from collections.abc import Sequence

from models.directory import Unit, UnitKind

DIRECT_EVERY = 12  # Lâm Đồng: khoảng 1/12 số cơ sở trực thuộc Sở
DOMAIN = "truong.example"


def sample_schools(hubs: Sequence[Unit], count: int) -> list[Unit]:
    """`count` schools, dealt out in turn to `hubs`, one in twelve directly managed.

    The first schools are the same whatever the count.
    """
    schools = []
    for number in range(1, count + 1):
        direct = number % DIRECT_EVERY == 0 or not hubs
        hub = None if direct else hubs[(number - 1 - number // DIRECT_EVERY) % len(hubs)]
        where = "trực thuộc Sở" if hub is None else hub.name.removeprefix("UBND ")
        code = f"TM{number:04}"
        schools.append(
            Unit(
                code=code,
                name=f"Trường mẫu {number:03} ({where})",
                kind=UnitKind.DIRECT if hub is None else UnitKind.SCHOOL,
                hub=None if hub is None else hub.code,
                focal_person="Đầu mối (mẫu)",
                email=f"{code.lower()}@{DOMAIN}",
                head_email=f"lanhdao.{code.lower()}@{DOMAIN}",
                sample=True,
            )
        )
    return schools
