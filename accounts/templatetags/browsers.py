"""Browsers in templates."""

from django import template

from accounts.browsers import name_browser

register = template.Library()
register.filter(name_browser)
