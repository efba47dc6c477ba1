"""A file becomes a Source, or is refused in one sentence."""

from pathlib import Path

from intake.documents.blocks import Line, Progress, Source, refuse

MOST_BYTES = 100 * 1024 * 1024
MOST_CHARACTERS = 10_000_000
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
KINDS = (".docx", ".pdf", ".txt", ".md")
SIGNATURES = {".docx": (b"PK\x03\x04",), ".pdf": (b"%PDF-",)}


def read_document(path: Path, progress: Progress | None = None) -> Source:
    """Raises BadInput, with the reason, for a file that cannot be read as a document."""
    kind = path.suffix.lower()
    _check(path, kind)
    source = _read(path, kind, progress or (lambda _done, _all: None))
    length = sum(len(block.text) for block in source.blocks if isinstance(block, Line))
    if length > MOST_CHARACTERS:
        refuse(path, f"văn bản dài {length:,} ký tự: quá dài để là một kế hoạch")
    if not source.blocks:
        refuse(path, "tệp không có nội dung chữ nào")
    return source


def _read(path: Path, kind: str, progress: Progress) -> Source:
    # The libraries of the formats take longer to load than most commands to run.
    match kind:
        case ".docx":
            from intake.documents.docx_file import read_docx

            return read_docx(path, progress)
        case ".pdf":
            from intake.documents.pdf_file import read_pdf

            return read_pdf(path, progress)
        case _:
            from intake.documents.text_file import read_text

            return read_text(path, progress)


def _check(path: Path, kind: str) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        refuse(path, f"không đọc được tệp ({error.strerror})")
    if kind == ".doc" or (head.startswith(OLE) and kind != ".docx"):
        refuse(path, "là tệp .doc kiểu cũ: hãy mở bằng Word và lưu lại thành .docx")
    if head.startswith(OLE):
        refuse(path, "tệp được đặt mật khẩu hoặc thực ra là .doc: hãy bỏ mật khẩu, lưu thành .docx")
    if kind not in KINDS:
        refuse(path, f"chưa đọc được loại tệp “{kind or path.name}”; dùng .docx, .pdf hoặc .txt")
    if size == 0:
        refuse(path, "tệp rỗng")
    if size > MOST_BYTES:
        refuse(path, f"tệp nặng {size // 2**20} MB, nhiều nhất {MOST_BYTES // 2**20} MB")
    if kind in SIGNATURES and not any(mark in head for mark in SIGNATURES[kind]):
        refuse(path, f"nội dung không phải là tệp {kind}: có thể bị đổi tên hoặc tải về chưa xong")
