"""What runs inside the sandbox: it imports nothing of the grader's other rooms."""

__all__: list[str] = []
