"""The admin's form for a new password, which asks for the old one."""

from django.contrib import admin
from django.contrib.auth.forms import PasswordChangeForm

from account import attempts


class LimitedPasswordChangeForm(PasswordChangeForm):
    """Django's own, with a limit of attempts at the old password; raises Throttled."""

    required_css_class = "required"

    def clean_old_password(self):
        attempts.require_attempt(self.user.get_username())
        return super().clean_old_password()


admin.site.password_change_form = LimitedPasswordChangeForm
