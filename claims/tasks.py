"""Background work of claims; every task may be run twice, or be lost, because beat comes again."""

from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from celery import Task, shared_task
from django.utils import timezone

from accounts.models import User
from claims import expire, mail
from claims.check import check
from claims.errors import ClaimRefused
from claims.models import Evidence
from claims.own.links import verify_links
from claims.own.missing import add_missing, fetch_work
from claims.proofs.author_feed import FeedUnavailable, fetch_feed_of
from claims.proofs.orcid import PROVIDER, is_orcid
from claims.reports import forget
from claims.tell import tell_added
from profiles.models import Researcher
from works.arxiv.errors import ArxivError, ArxivUnavailable
from works.models import Work

RETRY_SECONDS = [30, 120, 600, 3600]
STUCK = timedelta(minutes=10)


@shared_task
def send_waiting_mail() -> None:
    """Send the mail that waits."""
    mail.send_waiting()


@shared_task(bind=True, max_retries=len(RETRY_SECONDS), soft_time_limit=120)
def check_evidence(self: Task, evidence_id: int) -> None:
    """Look whether a proof holds; ask arXiv again later while it cannot answer."""
    evidence = Evidence.objects.filter(pk=evidence_id, status=Evidence.Status.CHECKING).first()
    if evidence is None:
        return
    try:
        check(evidence)
    except FeedUnavailable as error:
        if self.request.retries < len(RETRY_SECONDS):
            raise self.retry(exc=error, countdown=RETRY_SECONDS[self.request.retries]) from error


@shared_task(bind=True, max_retries=len(RETRY_SECONDS), soft_time_limit=120)
def fetch_author_feed(self: Task, account_id: int) -> None:
    """Keep the arXiv author feed of an ORCID iD that a member has signed in with; lost, the next sign-in asks again."""
    account = SocialAccount.objects.filter(pk=account_id, provider=PROVIDER).first()
    if account is None or not is_orcid(account.uid):
        return
    try:
        fetch_feed_of(account)
    except FeedUnavailable as error:
        if self.request.retries < len(RETRY_SECONDS):
            raise self.retry(exc=error, countdown=RETRY_SECONDS[self.request.retries]) from error


@shared_task(soft_time_limit=180)
def check_links(researcher_id: int) -> None:
    """See which of an owner's links link back."""
    verify_links(researcher_id)


@shared_task(bind=True, max_retries=len(RETRY_SECONDS))
def add_missing_work(self: Task, user_id: int, researcher_id: int, arxiv_id: str) -> None:
    """Fetch a work that an owner misses, and add it; a refusal is told by mail."""
    user = User.objects.get(pk=user_id)
    researcher = Researcher.objects.get(pk=researcher_id)
    try:
        fetch_work(arxiv_id)
        add_missing(user, researcher, arxiv_id)
        tell_added(user, researcher, arxiv_id, "It is on your page now.")
    except ArxivUnavailable as error:
        if self.request.retries < len(RETRY_SECONDS):
            raise self.retry(exc=error, countdown=RETRY_SECONDS[self.request.retries]) from error
    except (ArxivError, Work.DoesNotExist):
        tell_added(user, researcher, arxiv_id, "arXiv knows no such work.")
    except ClaimRefused as error:
        tell_added(user, researcher, arxiv_id, str(error))


@shared_task
def let_time_pass() -> None:
    """Close windows, lapse levels, expire claims; look again at proofs whose task was lost; send mail left behind."""
    expire.let_time_pass()
    stuck = Evidence.objects.filter(status=Evidence.Status.CHECKING, added_at__lte=timezone.now() - STUCK)
    for evidence_id in stuck.values_list("pk", flat=True):
        check_evidence.delay(evidence_id)
    mail.send_waiting()


@shared_task
def forget_addresses() -> None:
    """Forget addresses that are needed no more."""
    forget.forget_addresses()
