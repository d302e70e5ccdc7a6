"""What Prefect shows of the record: time limits as runs, boards, and decisions that wait for a person."""
