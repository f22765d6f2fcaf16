"""What happens without anybody asking: messages whose answerer died are answered, old sessions are forgotten."""

from __future__ import annotations

from celery import shared_task

from conversations import answering, services, turns


@shared_task(name="conversations.sweep")
def sweep() -> None:
    for session_id in turns.left_behind():
        answering.answer_waiting(session_id)


@shared_task(name="conversations.forget")
def forget() -> None:
    services.forget_sessions()
