"""Housekeeping of accounts, started by beat."""

from celery import shared_task
from django.core.management import call_command

from accounts import export, leave
from accounts.tell import send_mail_about_data


@shared_task
def clear_old_sessions() -> None:
    """Delete sessions that have expired."""
    call_command("clearsessions")


@shared_task
def build_export(export_id: int) -> None:
    """Gather what the site holds about a member, and tell them."""
    if (recipient := export.build_export(export_id)) is not None:
        tell.delay(recipient, "export_ready")


@shared_task
def delete_account(user_id: int) -> None:
    """Delete an account whose member has asked for it, and tell them."""
    if (recipient := leave.delete_account(user_id)) is not None:
        tell.delay(recipient, "account_deleted")


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def tell(recipient: str, template: str) -> None:
    """Send a message about a member's data; by then the account may be gone, so the task holds the address."""
    send_mail_about_data(recipient, template)


@shared_task
def catch_up() -> None:
    """Do what lost tasks left undone: exports, deletions; throw old exports away."""
    for export_id in export.list_unbuilt():
        build_export.delay(export_id)
    for user_id in leave.list_leaving():
        delete_account.delay(user_id)
    export.forget_old()
