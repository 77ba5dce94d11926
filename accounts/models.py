"""Members: people who log in with their e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes members with a normalised e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new member; raise `ValueError` without an e-mail address."""
        if not email:
            raise ValueError("A member needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new member who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a member by e-mail address, however it is capitalised."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A member; staff members are curators."""

    email = models.EmailField("e-mail address", unique=True, max_length=254)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("curator", default=False)
    leaving_since = models.DateTimeField(null=True, editable=False, help_text="Has asked to be deleted")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "member"
        constraints = [
            # One person, one address: Ada@x.org and ada@x.org must not become two accounts.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()


class AccountExport(models.Model):
    """Everything that the site holds about a member, as they asked for it: a zip of JSON, kept for a week."""

    user = models.ForeignKey(User, models.CASCADE, related_name="exports")
    archive = models.BinaryField(null=True, editable=False)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    ready_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"export of {self.user_id}"
