"""What operators decided for titles, in the database."""

from __future__ import annotations

import msgspec

from supergame.base.clock import WallMicros
from supergame.base.ids import TitleId
from supergame.db.port import Statement, Tx
from supergame.features.titles.model import Settings

_ALL = Statement("titles.settings", "SELECT title_id, settings FROM title_settings")
_KEEP = Statement(
    "titles.keep_settings",
    "INSERT INTO title_settings (title_id, settings, changed_at) VALUES (?, ?, ?) "
    "ON CONFLICT (title_id) DO UPDATE SET settings = excluded.settings, changed_at = excluded.changed_at",
)


class TitleStore:
    def settings(self) -> Tx[dict[TitleId, Settings]]:
        rows = yield _ALL()
        return {TitleId(title_id): msgspec.json.decode(text, type=Settings) for title_id, text in rows}

    def keep(self, title_id: TitleId, settings: Settings, now: WallMicros) -> Tx[None]:
        yield _KEEP(title_id, msgspec.json.encode(settings).decode(), now)
