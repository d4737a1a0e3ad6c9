"""TOML file and environment → one frozen `Settings`, read once and handed down.

The file is `config.toml` in the platform's configuration folder (or where `TOCSIN_CONFIG` points); a variable
`TOCSIN_<NAME>` goes before it, an argument before both.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tocsin.errors import SettingsError


def config_file() -> Path:
    """Where the configuration file lies, whether or not it exists."""
    return Path(os.environ.get("TOCSIN_CONFIG") or platformdirs.user_config_path("tocsin") / "config.toml")


def default_store() -> str:
    """The URL of the default store: a SQLite file in the platform's data folder."""
    return f"sqlite:///{platformdirs.user_data_path('tocsin') / 'tocsin.db'}"


class Settings(BaseSettings):
    """All that can be set. Sizes in bytes or characters, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="TOCSIN_", frozen=True, extra="forbid")

    store: str = Field(default_factory=default_store, description="URL of the store")
    max_bytes: int = Field(20_000_000, gt=0, description="largest single input, in bytes")
    max_archive_bytes: int = Field(500_000_000, gt=0, description="most bytes that a ZIP may unpack to")
    max_archive_files: int = Field(10_000, gt=0, description="most files that a ZIP may hold")
    timeout: float = Field(20.0, gt=0, description="seconds to wait for a server, connect and read each")
    deadline: float = Field(60.0, gt=0, description="seconds for one whole download")
    delay: float = Field(1.0, ge=0, description="seconds between two requests to one host")
    retries: int = Field(2, ge=0, description="further tries after a passing network fault")
    user_agent: str = Field("tocsin (news reading; respects robots.txt)", description="how Tocsin names itself")
    busy_timeout: float = Field(30.0, gt=0, description="seconds to wait for another writer of the store")
    threads: int = Field(1, gt=0, description="threads of the encoder; one is the most per core")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())


def load_settings(**given: Any) -> Settings:
    """Read the settings once; `None` values among `given` count as not given.

    Raises:
        SettingsError: naming the setting and what it allows.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(
            f"setting {name!r}: {first['msg']}", where=str(config_file()),
            allowed=", ".join(Settings.model_fields), todo="mend the file or the variable TOCSIN_" + name.upper(),
        ) from error
    except ValueError as error:  # the TOML itself
        raise SettingsError(f"is no valid TOML ({error})", where=str(config_file()), todo="mend the file") from error
