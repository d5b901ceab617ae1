# Die Konsole auf Deutsch.

language = Sprache
skip = Zum Inhalt
home = supergame-Konsole, erste Ansicht
menu = Menü
form-cancel = Abbrechen
form-file-too-big = Diese Datei ist größer als 4 MiB.
dialog-close = Schließen
toast-undo = Rückgängig
table-more = Mehr zeigen
table-loading = Einen Moment...
diff-label = Was sich geändert hat
diff-none = Nichts.
ask-reason = Grund
ask-reason-hint = Er kommt ins Protokoll. Geht es um eine Spielerin oder einen Spieler, können sie ihn lesen.

away-title = Der Server antwortet nicht
away-text = Vielleicht startet er gerade oder fährt herunter. Was du bisher getan hast, bleibt.
away-again = Noch einmal versuchen
nowhere-title = Hier ist nichts
nowhere-text = Diese Ansicht gibt es auf diesem Server nicht, oder deine Rolle enthält sie nicht.

sign-in-title = Anmelden
sign-in-text = Das ist die Konsole für alle, die diesen Server betreiben.
sign-in-ended = Deine Sitzung ist zu Ende. Melde dich wieder an, dann geht es dort weiter.
sign-in-name = Name
sign-in-password = Passwort
sign-in-code = Code
sign-in-code-hint = Die sechs Ziffern, die dein Authenticator gerade zeigt.
sign-in-submit = Anmelden
sign-out = Abmelden

first-password-title = Wähle ein eigenes Passwort
first-password-text = Das Passwort von eben gilt nur einmal. Ab jetzt kennst nur du es.
first-password-old = Einmal-Passwort
first-password-submit = Übernehmen und weiter
password-new = Neues Passwort
password-hint = Mindestens 12 Zeichen. Ein ganzer Satz ist gut und leicht zu merken.
password-change = Passwort ändern
password-changed = Dein Passwort ist geändert, andere Sitzungen sind beendet.
first-totp-title = Authenticator hinzufügen
first-totp-text = Dieser Server verlangt von allen neben dem Passwort einen Code.
totp-begin = Weiter
totp-scan = Scanne das mit deiner Authenticator-App und gib den Code ein, den sie zeigt.
totp-qr = QR-Code für den Authenticator
totp-secret = Oder gib dieses Geheimnis ein:
totp-confirm = Bestätigen
totp-done = Ab jetzt meldest du dich auch mit einem Code an.
totp-add = Authenticator hinzufügen
totp-replace = Authenticator ersetzen

self-title = Dein Konto
self-name = Name
self-titles = Titel
self-all-titles = Alle Titel
self-ends = Sitzung endet
self-totp = Authenticator
self-totp-on = In Gebrauch
self-totp-off = Keiner

role-owner = Inhaber
role-operator = Betrieb
role-support = Betreuung
role-viewer = Lesend

palette-open = Gehe zu...
palette-title = Gehe zu
palette-hint = Ein paar Buchstaben tippen
palette-nothing = So heißt nichts.
palette-find = "{ $query }" unter den Spielenden suchen
palette-look-at = { $title } ansehen
palette-language = Sprache: { $language }

keys-title = Tasten
keys-palette = überallhin
keys-search = suchen
keys-rows = durch die Zeilen
keys-reports = in Ordnung, entfernen, stumm schalten, sperren
keys-undo = rückgängig
keys-this = diese Tasten

title-choose = Titel
group-watch = Beobachten
group-people = Menschen
group-game = Spiel
group-house = Haus
screen-players = Spielende
screen-titles = Titel
screen-config = Werte
screen-access = Zugang
screen-audit = Protokoll
screen-api = API-Explorer

players-text = Alle, die { $title } gespielt haben.
players-search = Name, Id, E-Mail, Gerät oder eigene Id
players-name = Spielende
players-username = Benutzername
players-state = Zustand
players-id = Id
players-since = Seit
players-none = Noch hat niemand gespielt
players-none-text = Sobald sich jemand bei diesem Titel anmeldet, steht es hier, das Neueste zuerst.
players-none-found = Damit wird niemand gefunden
players-none-found-text = Gefunden werden ganze Ids, E-Mail-Adressen und Geräte-Ids sowie Anfänge von Benutzernamen.
player = Person
player-online = Online
player-offline = Offline
player-sockets = { $count ->
    [0] kein offener Socket
    [one] ein offener Socket
   *[other] { $count } offene Sockets
 }
player-profile = Profil
player-email = E-Mail
player-custom-id = Eigene Id
player-device = Gerät
player-place = Ort
player-titles = Spielt auch
player-wallet = Geldbeutel
player-wallet-none = Leer.
player-notes = Notizen
player-notes-none = Noch hat niemand etwas aufgeschrieben.
player-sanctions = Sperren
player-sanctions-none = Es gab noch keine.
player-sign-out = Abmelden
player-sign-out-title = { $name } abmelden?
player-sign-out-text = Offene Sockets werden geschlossen. Ein neues Anmelden ist sofort möglich.
player-sign-out-done = { $name } ist abgemeldet.
note-title = Eine Notiz zu { $name }
note-text = Notiz
note-hint = Nur für den Betrieb, Spielende sehen sie nie. Sie lässt sich später nicht ändern.
note-add = Notiz hinzufügen
note-done = Die Notiz ist abgelegt.

sanction-ban = Sperre
sanction-mute = Stummschaltung
sanctioned-ban = Gesperrt
sanctioned-mute = Stumm geschaltet
sanction-duration = Wie lange
sanction-duration-option = { $hours ->
    [0] Bis sie jemand aufhebt
    [1] Eine Stunde
    [24] Einen Tag
    [168] Sieben Tage
    [720] Dreißig Tage
   *[other] { $hours } Stunden
 }
sanction-until = endet
sanction-for-good = bis sie jemand aufhebt
sanction-lifted = aufgehoben von { $by }
ban = Sperren
ban-title = { $name } sperren?
ban-text = Die Person wird sofort von diesem Titel abgemeldet und kommt nicht wieder, bis die Sperre endet.
ban-everywhere = In allen Titeln sperren
ban-everywhere-title = { $name } in allen Titeln sperren?
ban-everywhere-text = Die Person wird von allem abgemeldet, was dieser Server anbietet.
ban-done = { $name } ist gesperrt.
mute = Stumm schalten
mute-title = { $name } stumm schalten?
mute-text = Das Spiel geht weiter, nur der Chat bleibt stumm.
mute-done = { $name } ist stumm geschaltet.
lift = Aufheben
lift-title = { $kind }: für { $name } aufheben?
lift-done = Für { $name } ist sie aufgehoben.

titles-text = Was dieser Server anbietet, jeweils in seinen Umgebungen.
titles-name = Titel
titles-environment = Umgebung
titles-open = Offen
titles-closed = Geschlossen
titles-settings = Einstellungen
titles-settings-none = Wie üblich
titles-none = Kein Titel wird angeboten
titles-none-text = Starte den Server mit einem Spiel, etwa mit supergame up starhop.
titles-is-open = Offen zum Anmelden
titles-single-socket = Ein Socket je Person
titles-single-match = Ein Match je Socket
titles-by-file = Wie in der Datei des Servers
titles-decide = Entscheiden
titles-decide-title = Einstellungen von { $title }
titles-decide-text = Sie gelten sofort. Ein geschlossener Titel lässt niemanden neu herein; wer spielt, bleibt.
titles-decided = Die Einstellungen von { $title } gelten jetzt.
titles-keys = Schlüssel
titles-keys-of = Schlüssel von { $title }
titles-keys-text = Der Server-Schlüssel liegt in den Programmen der Spielenden und nennt beim Anmelden den Titel. HTTP-Schlüssel sind geheim und stehen nur im Datenordner.
titles-until = gilt bis
titles-replace = Schlüssel ersetzen
titles-replace-title = Die Schlüssel von { $title } ersetzen?
titles-replace-text = Programme und Server brauchen die neuen, bevor die alten enden.
titles-overlap = Die alten gelten
titles-overlap-option = { $days ->
    [0] keinen Moment länger
    [1] noch einen Tag
   *[other] noch { $days } Tage
 }

config-text = Werte, die { $title } im Betrieb liest. Eine Änderung erreicht Server und Spielende sofort.
config-search = Name oder Beschreibung
config-key = Wert
config-now = Gilt jetzt
config-default = Vorgabe
config-overrides = Abweichungen
config-changed = Geändert
config-none = Dieses Spiel gibt keine Werte an
config-none-text = Im Code des Spiels: speed = game.config.number("speed", 1.0, min=0.5, max=2)
config-none-found = So heißt kein Wert
config-overrides-count = { $count ->
    [one] eine Abweichung
   *[other] { $count } Abweichungen
 }
config-problems = { $count ->
    [one] ein Problem
   *[other] { $count } Probleme
 }
config-kind = Art
config-kind-number = Zahl
config-kind-integer = ganze Zahl
config-kind-flag = ja oder nein
config-kind-text = Text
config-kind-choice = Auswahl
config-kind-json = JSON
config-kind-gone = nicht mehr im Code
config-gone = -
config-range = Bereich
config-choices = Auswahl
config-reach = Erreicht
config-reach-clients = Code und Programme der Spielenden
config-reach-server = nur den Code des Spiels
config-version = Version
config-version-nth = Version { $version }
config-value = Wert
config-true = Ja
config-false = Nein
config-percent = Anteil der Spielenden, %
config-percent-hint = Leer für alle. Wächst er, bleiben dieselben dabei.
config-starts = Ab
config-starts-hint = In deiner Zeitzone. Leer für sofort.
config-ends = Bis
config-countries = Länder
config-countries-hint = Etwa DE, FR. Leer für alle.
config-langs = Sprachen
config-langs-hint = Etwa de, fr. Leer für alle.
config-environments = Umgebungen
config-environments-hint = Etwa beta. Leer für alle.
config-for-percent = { $percent } % der Spielenden
config-in-environments = in { $names }
config-in-countries = aus { $names }
config-in-langs = mit Sprache { $names }
config-for-new = neu seit höchstens { $days } Tagen
config-from = ab { $time }
config-to = bis { $time }
config-everybody = Für alle, immer
config-add = Abweichung hinzufügen
config-add-title = { $key } abweichen lassen
config-edit = Ändern
config-edit-title = Eine Abweichung von { $key } ändern
config-edit-nth = Abweichung { $place } ändern
config-save = Gelten lassen
config-remove = Entfernen
config-remove-title = Diese Abweichung von { $key } entfernen?
config-remove-nth = Abweichung { $place } entfernen
config-remove-text = Dann gilt, was danach kommt, zuletzt die Vorgabe.
config-done = { $key } gilt jetzt als { $value }.
config-no-overrides = Die Vorgabe gilt
config-no-overrides-text = Eine Abweichung gibt einen anderen Wert: allen oder einem Anteil, eine Zeit lang oder für immer. Die erste, die passt, gilt.
config-history = Verlauf
config-no-history = Noch hat es niemand geändert.
config-revert = Zurückholen
config-revert-last = Letzte Änderung rückgängig
config-revert-title = Version { $version } von { $key } zurückholen?
config-revert-text = Ihre Abweichungen gelten wieder, als neue Version.
config-reverts-to = Holt Version { $version } zurück.

access-text = Wer sich hier anmelden darf und wozu.
access-add = Jemanden einladen
access-role = Rolle
access-titles = Titel
access-titles-hint = Etwa { $example }. Leer für alle.
access-name-hint = Kleine Buchstaben, Ziffern, Punkte, Bindestriche. Der Name steht unter allem Getanen und wird nie neu vergeben.
access-seen = Zuletzt da
access-act = Tun
access-disabled = Abgeschaltet
access-invited = Eingeladen
access-none = Es gibt niemanden
access-change = Ändern
access-change-title = { $name } ändern
access-change-text = Die Sitzungen enden, damit die neuen Rechte sofort gelten.
access-changed = { $name } ist geändert.
access-disable = Darf sich nicht anmelden
access-reset = Neues Passwort
access-reset-title = Neues Einmal-Passwort für { $name }
access-reset-text = Passwort und Authenticator gelten nicht mehr, die Sitzungen enden.
access-invited-title = Einmal-Passwort für { $name }
access-invited-text = Gib es auf sicherem Weg weiter. Es ist nur jetzt zu sehen, gilt sieben Tage und wird sofort durch ein eigenes ersetzt.
access-invited-done = Ich habe es
access-roles = Was jede Rolle darf
access-resource = Bereich

audit-text = Alles, was jemals jemand hier getan hat, so verkettet, dass sich nichts unbemerkt ändern oder entfernen lässt.
audit-check = Kette prüfen
audit-whole = Heil
audit-whole-text = { $count } Einträge. Bewahre diese Prüfsumme anderswo auf:
audit-broken = Beschädigt
audit-broken-text = Eintrag { $entry } ist nicht der, der geschrieben wurde.
audit-by-operator = Nach Name
audit-by-target = Nach Ziel, etwa players/...
audit-action = Handlung
audit-target = Ziel
audit-operator = Von
audit-reason = Grund
audit-outcome = Ausgang
audit-at = Wann
audit-error = Fehler
audit-digest = Prüfsumme
audit-request = Was verlangt war
audit-dropped = { $count ->
    [one] Eine weitere Änderung ist nicht ganz aufbewahrt.
   *[other] { $count } weitere Änderungen sind nicht ganz aufbewahrt.
 }
audit-none = Nichts gefunden
audit-none-text = Hier steht alles, was jemand ändert, mit Vorher, Nachher und Grund.
outcome-done = Getan
outcome-refused = Abgelehnt
outcome-failed = Gescheitert
outcome-open = Offen

api-text = Alle Operationen dieser Konsole. Was du hier sendest, gilt, wie überall sonst.
api-operations = Operationen
api-search = Pfad oder Name
api-none = So heißt keine Operation
api-choose = Wähle eine Operation
api-choose-text = Ihre Felder sind mit dem gefüllt, was sonst gilt.
api-request = Anfrage
api-body = Inhalt, JSON
api-send = Senden
api-careful = Das ändert etwas.
api-answer = Antwort
