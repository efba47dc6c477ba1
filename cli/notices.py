"""Letters before and after they leave: `dondoc notices …`."""

import typer

app = typer.Typer(help="Thư đôn đốc: xem trước.", no_args_is_help=True)


@app.callback()
def notices() -> None:
    """Thư đôn đốc: xem trước."""
