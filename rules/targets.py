"""Whom a target concerns, and whether it is reached."""

from collections.abc import Mapping
from fractions import Fraction

from models.directory import Directory, UnitKind
from models.plan import Plan, Target, TargetNumber
from models.report import Sums
from rules.performers import Performers

# Our defaults where the officer names nobody: shares are counted where the people and schools are,
# plain numbers by the department's own divisions, and words come from whoever reports to it.
COUNTED = (UnitKind.SCHOOL, UnitKind.DIRECT)
DEPARTMENT = (UnitKind.OFFICE, UnitKind.DIVISION)
IN_WORDS = (*DEPARTMENT, UnitKind.COMMUNE, UnitKind.DIRECT)


def concerned(plan: Plan, directory: Directory) -> dict[str, frozenset[str]]:
    """The units each target concerns, by the target's code; a hub is concerned by what concerns
    its schools."""
    performers = Performers(plan, directory)
    units = directory.units
    found: dict[str, frozenset[str]] = {}
    for target in plan.document.targets:
        codes = _units(target, plan, directory, performers)
        hubs = {units[code].hub for code in codes} - {None}
        found[target.code] = frozenset(codes | {hub for hub in hubs if hub is not None})
    return found


def _units(target: Target, plan: Plan, directory: Directory, performers: Performers) -> set[str]:
    phrases = plan.officer.targets.get(target.code)
    if phrases is None:
        return {unit.code for unit in directory.of_kinds(_usual_kinds(target))}
    meanings = [performers.meant_by(phrase) for phrase in phrases]
    return {unit.code for meaning in meanings if meaning for unit in meaning.units}


def _usual_kinds(target: Target) -> tuple[UnitKind, ...]:
    number = number_of(target)
    if number is None:
        return IN_WORDS
    return COUNTED if number.unit == "%" else DEPARTMENT


def number_of(target: Target) -> TargetNumber | None:
    """The number a target is measured by: the first it states."""
    return target.numbers[0] if target.numbers else None


def share(sums: Sums) -> float | None:
    """In percent; None without a denominator."""
    if not sums.denominator:
        return None
    return 100 * sums.numerator / sums.denominator


def reached(number: TargetNumber | None, sums: Sums | None) -> bool | None:
    """Whether a target is reached; None where that cannot be said.

    Compared exactly: 1,999 of 2,000 is not 100 %, however it is rounded.
    """
    if number is None or sums is None:
        return None
    value = Fraction(sums.numerator)
    if number.unit == "%":
        if not sums.denominator:
            return None
        value = Fraction(100 * sums.numerator, sums.denominator)
    wanted = Fraction(str(number.value))
    holds: Mapping[str, bool] = {
        "=": value == wanted,
        ">=": value >= wanted,
        "<=": value <= wanted,
        ">": value > wanted,
        "<": value < wanted,
    }
    return holds[number.op]
