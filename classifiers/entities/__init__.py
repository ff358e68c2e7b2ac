"""Pulling entities out of a text: order number, product, price, e-mail, phone, IBAN, card, date, place."""

from classifiers.entities.finding import find_entities

__all__ = ["find_entities"]
