"""Who acts, and with whom, in the sentences officials write; each stands as a task of a plan."""

from pathlib import Path

from intake.importing import import_document

# A line is what is said | who leads | who helps, several parted by a plus.
SENTENCES = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
EXPECTED = [[part.strip() for part in line.split("|")] for line in SENTENCES]


def test_every_sentence_names_who_leads_and_who_helps(tmp_path):
    path = tmp_path / "cau.txt"
    lines = [f"{n}. {text}" for n, (text, *_) in enumerate(EXPECTED, start=1)]
    head = ["KẾ HOẠCH", "Đọc thử từng câu năm 2026", "I. NHIỆM VỤ"]
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    read = {task.code: task for task in plan.document.tasks}
    told = [
        [text, " + ".join(task.lead), " + ".join(task.cooperating)]
        for n, (text, *_) in enumerate(EXPECTED, start=1)
        if (task := read.get(f"I.{n}"))
    ]
    assert told == EXPECTED
