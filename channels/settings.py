"""What the environment decides for the public process."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from channels import pause


class Settings(BaseSettings):
    """Read once, at start; an empty variable counts as unset. Durations are in seconds."""

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    host: str = "127.0.0.1"  # a container sets HOST=0.0.0.0
    port: int = 8080
    public_url: str = ""  # the address people use, such as https://jalon.example.fr
    rasa_url: str = "http://localhost:5005"
    rasa_timeout: float = Field(default=8.0, gt=0)
    rasa_connect_timeout: float = Field(default=2.0, gt=0)

    # Other web sites on which the widget may talk to this server, comma-separated.
    origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="JALON_ORIGINS"
    )
    # The operator's page on personal data, and the map that « Voir le trajet » opens.
    policy_url: str = Field(default="", validation_alias="JALON_POLICY_URL")
    map_url: str = Field(
        default="https://www.openstreetmap.org/directions?to={adresse}",
        validation_alias="JALON_MAP_URL",
    )
    pause_file: Path = pause.FILE  # written by `make pause`
    # Signs sessions and choices; when unset, sessions end with the process.
    secret: str = Field(
        default_factory=lambda: secrets.token_urlsafe(32), validation_alias="JALON_SECRET"
    )
    # Reverse proxies in front of this server, each adding one address to X-Forwarded-For.
    proxies: int = Field(default=0, ge=0, validation_alias="JALON_PROXIES")

    # Where the bot keeps misunderstood messages, if anywhere: people are told so.
    review: str = Field(default="", validation_alias="JALON_REVIEW")
    # By SMS (docs/sms.md): a provider starts when its secret is given.
    database_url: str = ""  # PostgreSQL, or a SQLite file in var/ when empty
    twilio_auth_token: str = ""
    twilio_account_sid: str = ""  # with the number, to write first (« Recevoir par SMS »)
    twilio_number: str = ""
    twilio_api_url: str = "https://api.twilio.com"
    ovh_sms_service: str = ""  # the account's name, such as sms-ab12345-1
    ovh_application_key: str = ""
    ovh_application_secret: str = ""
    ovh_consumer_key: str = ""
    ovh_sms_number: str = ""  # a virtual number, as the API lists it
    ovh_api_url: str = "https://eu.api.ovh.com/1.0"
    smsfactor_token: str = ""
    smsfactor_api_url: str = "https://api.smsfactor.com"
    sms_generic_secret: str = ""
    sms_links: bool = False  # short links to the sites of places, under PUBLIC_URL
    sms_generic_url: str = ""  # where the gateway takes SMS; empty: it collects them

    # Messages at once, then messages a second, for one conversation and for one address.
    # Many people may share an address: a mobile network, an association's office.
    session_burst: float = 20
    session_rate: float = 0.5
    address_burst: float = 300
    address_rate: float = 5

    @field_validator("origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())

    @field_validator("origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or f"{parts.scheme}://{parts.netloc}" != origin
            ):
                raise ValueError(f"{origin!r} is not an origin such as https://www.example.fr")
        return origins

    @field_validator("policy_url", "map_url")
    @classmethod
    def _check_link(cls, link: str) -> str:
        if link and urlsplit(link).scheme not in ("http", "https"):
            raise ValueError(f"{link!r} is not a web address")
        return link

    @property
    def secret_is_random(self) -> bool:
        """Whether nobody chose the secret."""
        return "secret" not in self.model_fields_set
