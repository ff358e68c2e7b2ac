"""What a brand settles about the checks of its words."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from inbox.checks import LEVELS, Checks, Level
from inbox.checks.links import host_of
from inbox.findings import CheckKind
from inbox.ports import AbuseFinder, EntityFinder, Speller


class ChecksSettings(BaseModel):
    """The checks of words before they are sent."""

    model_config = ConfigDict(extra="forbid")

    allowed_links: list[str] = Field(
        [], description="Hosts that replies may link to, such as loriot.fr, each with those under it."
    )
    contacts: list[str] = Field(
        [],
        description="Phone numbers and e-mail addresses that are the brand's own, or @HOST for all addresses there.",
    )
    words: list[str] = Field(
        [], description="Words that are right as they are, such as names of products, besides the brand's name."
    )
    promises: list[str] = Field(
        [], description="Further words that promise what may not be promised; one that ends in * is open at its end."
    )
    personal: Level = Field(
        LEVELS[CheckKind.PERSONAL], description="Phone numbers and e-mail addresses: off, warn or block."
    )
    link: Level = Field(LEVELS[CheckKind.LINK], description="Links to hosts that are not allowed: off, warn or block.")
    expired: Level = Field(LEVELS[CheckKind.EXPIRED], description="What is out of date: off, warn or block.")
    promise: Level = Field(LEVELS[CheckKind.PROMISE], description="Promises: off, warn or block.")
    polarity: Level = Field(
        LEVELS[CheckKind.POLARITY],
        description="Apologies for praise, thanks for complaints and attacks: off, warn or block.",
    )
    echo: Level = Field(LEVELS[CheckKind.ECHO], description="Abuse that a reply gives back: off, warn or block.")
    aggressive: Level = Field(LEVELS[CheckKind.AGGRESSIVE], description="Aggressive words: off, warn or block.")
    advert: Level = Field(LEVELS[CheckKind.ADVERT], description="Words of an advertisement: off, warn or block.")
    shouting: Level = Field(LEVELS[CheckKind.SHOUTING], description="Capitals and rows of !!!: off, warn or block.")
    spelling: Level = Field(
        LEVELS[CheckKind.SPELLING], description="Misspelt words, in French and English: off, warn or block."
    )
    typography: Level = Field(
        LEVELS[CheckKind.TYPOGRAPHY], description="Spaces that French has and the text has not: off, warn or block."
    )

    @field_validator("allowed_links")
    @classmethod
    def _are_hosts(cls, links: list[str]) -> list[str]:
        hosts = []
        for link in links:
            host = host_of(link.strip())
            if host is None or " " in host or not link.strip():
                raise ValueError(f'"{link}" is no host such as loriot.fr')
            hosts.append(host)
        return hosts

    def to_checks(
        self,
        brand: str,
        *,
        speller: Speller | None = None,
        entities: EntityFinder | None = None,
        abuse: AbuseFinder | None = None,
    ) -> Checks:
        """The checks as the inbox knows them, for the brand of this name, with what reads words for them."""
        return Checks(
            levels={kind: getattr(self, kind.value) for kind in CheckKind if kind.value in type(self).model_fields},
            allowed_links=tuple(self.allowed_links),
            contacts=tuple(self.contacts),
            words=(brand, *self.words),
            promises=tuple(self.promises),
            speller=speller,
            entities=entities,
            abuse=abuse,
        )
