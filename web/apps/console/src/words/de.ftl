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
wallet-entries = Was kam und ging
wallet-left = ergibt { $balances }
wallet-change = Ändern
wallet-change-title = Den Geldbeutel von { $name } ändern
wallet-change-text = Es gilt sofort. Dein Name und die Begründung bleiben beim Eintrag und im Protokoll.
wallet-currency = Währung
wallet-amount = Betrag
wallet-amount-hint = Unter null wird etwas weggenommen. Kein Geldbeutel fällt unter null.
wallet-changed = Der Geldbeutel von { $name } ist geändert.
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
audit-by-target = Nach genauem Ziel, etwa players/<id>/ban
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

screen-now = Jetzt
screen-matches = Matches
screen-reports = Chat und Meldungen
screen-storage = Ablage
screen-licences = Lizenzen

now-text = Dieser Server, Sekunde für Sekunde, in den letzten fünf Minuten.
now-players = Spielende
now-sockets = Sockets
now-matches = Matches
now-requests = Anfragen /s
now-refused = Abgelehnt
now-failures = Fehler
now-late = Verzug
now-late-worst = Größter Verzug
now-tick = Tick, p95
now-who = Wer da ist
now-traffic = Verkehr
now-delays = Verzögerungen
now-feed = Was im Betrieb geschieht
now-feed-all = Alles davon
now-feed-none = Noch nichts.

matches-text = { $count ->
    [0] Gerade läuft keines in { $title }.
    [one] Gerade läuft eines in { $title }.
   *[other] Gerade laufen { $count } in { $title }.
 }
matches-again = Neu laden
matches-search = Teil eines Etiketts
matches-match = Match
matches-kind = Art
matches-label = Etikett
matches-size = Spielende
matches-tick = Tick
matches-cost = Ein Tick braucht
matches-relayed = weitergeleitet
matches-authoritative = vom Server
matches-tick-at = { $tick } mit { $hz } Hz
matches-missed = { $count } verpasst
matches-none = Kein Match läuft
matches-none-text = Matches stehen hier, solange jemand darin ist.
match-ticks = Ticks bisher
match-rate = Tickrate
match-missed = Verpasste Ticks
match-players = Wer darin ist
match-session = Sitzung
match-empty = Niemand ist darin.
match-kick = Herausnehmen
match-kick-title = { $name } aus diesem Match nehmen?
match-kick-text = Die Sockets verlassen das Match. Angemeldet bleiben sie, und wenn das Spiel es zulässt, kommen sie wieder.
match-kicked = { $name } ist aus dem Match.
match-end = Match beenden
match-end-title = Dieses Match beenden?
match-end-text = Alle darin erfahren es, und es hört auf.
match-ended = Das Match ist beendet.
spectate-title = Zusehen
spectate-text = Was das Match sendet und was die Spielenden ihm senden, sobald du zusiehst. Niemand darin merkt es, und einige Sekunden danach ist nichts mehr davon da.
spectate-text-relayed = Was die Spielenden einander durch dieses Match senden, sobald du zusiehst. Es leitet nur weiter, hat also keine Ticks und sendet selbst nichts. Niemand darin merkt es, und einige Sekunden danach ist nichts mehr davon da.
spectate-watch = Zusehen
spectate-pause = Anhalten
spectate-op = Opcode
spectate-op-all = Alle
spectate-at = Zeit
spectate-tick = Tick { $tick }
spectate-way = Weg
spectate-way-sent = gesendet
spectate-way-received = empfangen
spectate-way-relayed = weitergeleitet
spectate-from = Von
spectate-to = An
spectate-match = das Match
spectate-data = Daten
spectate-no-data = keine Daten
spectate-none = Keine Nachrichten
spectate-none-text = Sieh zu, und sie erscheinen hier, sowie sie kommen.
spectate-none-yet = Noch ist keine gekommen.
spectate-skipped = Einige Nachrichten waren schon vergessen, bevor sie hier standen.
spectate-message = Opcode { $op }
spectate-base64 = in Base64
spectate-unreliable = darf unterwegs verloren gehen
spectate-cut = die ersten { $shown }

reports-text = Was die Spielenden von { $title } sagen, und was sie daran stört.
reports-waiting = Wartet
reports-decided = Entschieden
reports-channels = Kanäle
reports-muted = Stumm
reports-none = Nichts wartet
reports-none-text = Was Spielende melden, kommt hierher, das Älteste zuerst, mit zehn Zeilen darum herum.
reports-none-decided = Noch ist nichts entschieden
reports-chosen = Meldung
reports-context = Was darum herum gesagt wurde
reports-reporter = gemeldet von
reports-claimed = { $by } ist daran
reports-decided-by = { $by } hat entschieden
reports-undone = Es wartet wieder.
report-kind-player = eine Person
report-kind-message = eine Nachricht
report-kind-name = ein Name
report-reason-spam = Spam
report-reason-harassment = Belästigung
report-reason-hate = Hass
report-reason-sexual = Sexuelles
report-reason-violence = Gewalt
report-reason-self-harm = Selbstverletzung
report-reason-child-safety = Kinderschutz
report-reason-privacy = Privates
report-reason-cheating = Betrug
report-reason-other = etwas anderes
decide-approve = In Ordnung
decide-remove = Entfernen
decide-mute = 1 h stumm
decide-ban = Sperren
decision-approve = In Ordnung
decision-remove = Entfernt
decision-mute = Stumm geschaltet
decision-ban = Gesperrt
decided-approve = Was { $name } gesagt hat, bleibt.
decided-remove = Was { $name } gesagt hat, ist entfernt.
decided-mute = { $name } ist eine Stunde stumm.
decided-ban = { $name } ist gesperrt.
channels-name = Kanal
channels-said = Gesagt
channels-direct = zu zweit
channels-group = Gruppe { $id }
channels-system = der Server
channels-nothing = Hier wurde nichts gesagt.
channels-none = Noch wurde nichts gesagt
channels-none-text = Kanäle mit Verlauf stehen hier.
channels-remove-title = Diese Nachricht von { $name } entfernen?
channels-removed = Die Nachricht ist entfernt.
muted-until = Bis
muted-none = Niemand ist stumm geschaltet

storage-text = Was { $title } für Spielende und für sich aufhebt, nach Sammlungen.
storage-collection = Sammlung
storage-key = Schlüssel
storage-owner = Gehört
storage-owner-hint = Die Id der Person. Leer, wenn es niemandem gehört.
storage-nobody = niemandem
storage-size = Größe
storage-permissions = Rechte
storage-by-owner = Nach Id der Person
storage-by-key = Nach Schlüssel
storage-read = Lesen darf
storage-read-option = { $level ->
    [0] liest der Server
    [1] liest, wem es gehört
   *[other] lesen alle
 }
storage-write = Schreiben darf
storage-write-option = { $level ->
    [0] schreibt der Server
   *[other] schreibt, wem es gehört
 }
storage-value = Wert, JSON
storage-new = Neues Objekt
storage-edit-title = { $key } ändern
storage-edit-text = Wird nur gespeichert, wenn es seither niemand geändert hat: Version { $version }.
storage-save = Speichern
storage-saved = { $key } ist gespeichert.
storage-delete = Löschen
storage-delete-title = { $key } löschen?
storage-delete-text = Nur wenn es seither niemand geändert hat. Exportiere es vorher, falls es noch gebraucht wird.
storage-deleted = { $key } ist gelöscht.
storage-export-as = Als { $form } exportieren
storage-import = Importieren
storage-import-text = Entweder wird die ganze Datei geschrieben oder nichts.
storage-file = Datei
storage-form = Form
storage-overwrite = Geändertes überschreiben
storage-overwrite-hint = Ohne das weist ein Objekt mit anderer Version als in der Datei die ganze Datei ab.
storage-imported = { $count ->
    [one] Ein Objekt ist geschrieben.
   *[other] { $count } Objekte sind geschrieben.
 }
storage-none = Noch ist nichts abgelegt
storage-none-text = Sobald das Spiel oder jemand ein Objekt schreibt, steht seine Sammlung hier.
storage-none-found = Kein solches Objekt
storage-none-found-text = Unter einer anderen Person oder einem anderen Schlüssel gibt es vielleicht welche.

licences-text = Wem was gehört, welcher Titel es wie nutzen darf und was das ergibt.
licences-list = Lizenzen
licences-registry = Register
licences-statement = Abrechnung
licences-ledger = Bücher
licences-any = In jedem Zustand
licences-draft = Lizenz entwerfen
licences-title = Für den Titel
licences-title-hint = Der Titel, der es nutzen soll.
licences-asset = Werk
licences-assets = Werke
licences-fee = Entgelt je Nutzung
licences-fee-hint = In der kleinsten Einheit der Währung, etwa Cent.
licences-share = Anteil
licences-currency = Währung
licences-regions = Länder
licences-approval = Braucht Freigabe
licences-conduct = Regeln
licences-conduct-hint = Eine je Zeile, etwa: keine Gewalt durch die Figur.
licences-price = Preis
licences-per-use = { $fee } je Nutzung
licences-of-sales = { $share } vom Verkauf
licences-free = Frei
licences-none = Noch keine Lizenz
licences-none-text = Trage Eigentum, Welt und Werk ein; dann entwirf, wie ein Titel es nutzen darf.
licence-draft = Entwurf
licence-offered = Angeboten
licence-accepted = Angenommen
licence-active = Aktiv
licence-suspended = Ausgesetzt
licence-revoked = Widerrufen
licence-expired = Abgelaufen
licence-terms = Bedingungen
licence-minimum = Mindestens
licence-royalty-max = Höchstens
licence-uses-max = Nutzungen höchstens
licence-everywhere = Überall
licence-approved = Freigegeben
licence-not-approved = Noch nicht freigegeben
licence-standing = Bei einer Nutzung jetzt
licence-steps = Unterschriebene Schritte
licence-step-text = Du unterschreibst diesen Schritt mit deinem Namen. Er bleibt für immer, laufende Matches folgen binnen zwei Sekunden.
licence-step-done = Die Lizenz ist jetzt: { $state }.
step-write = Geschrieben
step-offer = Anbieten
step-withdraw = Zurückziehen
step-accept = Annehmen
step-approve = Freigeben
step-activate = Aktivieren
step-suspend = Aussetzen
step-restore = Wieder erlauben
step-revoke = Widerrufen
step-expire = Abgelaufen
standing-licensed = erlaubt
standing-own = eigen, erlaubt
standing-no-licence = keine Lizenz
standing-not-started = noch nicht
standing-ended = zu Ende
standing-suspended = ausgesetzt
standing-revoked = widerrufen
standing-region = nicht in diesem Land
standing-used-up = aufgebraucht

registry-owners = Wem etwas gehört
registry-owner = Gehört
registry-add-owner = Eintragen, wem etwas gehört
registry-owner-text = Wer Vergütung bekommt: ein Studio, oder jemand unter den Spielenden.
registry-no-owners = Noch niemand eingetragen
registry-person = Person
registry-person-hint = Die Id, wenn sie hier mitspielt.
registry-statement = Öffnen
registry-properties = Welten
registry-add-property = Welt eintragen
registry-property-text = Ein ganzes Werk, etwa die Welt eines Spiels. Ihr eigener Titel braucht keine Lizenz.
registry-no-properties = Noch keine Welt
registry-home = Eigener Titel
registry-home-hint = Etwa kitewind. Darf leer sein.
registry-assets = Werke
registry-add-asset = Werk eintragen
registry-asset-text = Was ein Titel nutzen kann: eine Figur, ein Gegenstand, Musik, eine Bühne.
registry-no-assets = Noch kein Werk
registry-id-hint = Etwa { $example }. Sie gilt für immer.
registry-age = Altersstufe
registry-age-option = { $age ->
    [0] für alle
   *[other] ab { $age }
 }
registry-credit = Gemacht von
registry-credit-none = Wem es gehört
registry-credit-share = Anteil daran, %
registry-done = { $name } ist eingetragen.
asset-character = Figur
asset-item = Gegenstand
asset-music = Musik
asset-stage-theme = Bühnenbild
asset-stage = Bühne

statement-month = Monat
statement-print = Zum Drucken
statement-total = Für den Monat geschuldet
statement-uses = Nutzungen
statement-sales = Verkäufe
statement-royalty = Vergütung
statement-amount = Betrag
statement-line = Zeile
statement-state = Zustand
statement-open = Offen
statement-final = Endgültig
statement-none = In diesem Monat wurde nichts genutzt
statement-none-text = Jede Nutzung und jeder Verkauf unter einer Lizenz steht nach wenigen Augenblicken hier.
statement-sum = Prüfsumme dieser Abrechnung:
statement-close = Monat abschließen
statement-close-title = { $month } für alle abschließen?
statement-close-text = Die Zeilen bekommen Nummern und sind endgültig. Streit wird danach durch Gegenbuchungen gelöst.
statement-closed = { $month } ist abgeschlossen.
statement-correct = Berichtigen
statement-correct-title = Zeile { $line } berichtigen
statement-correct-text = Eine Gegenbuchung kommt dazu; was geschrieben wurde, bleibt.
statement-correct-amount = Betrag, kleinste Einheit von { $currency }
statement-correct-hint = Unter null nimmt zurück.
statement-note = Notiz, für die Gegenseite
statement-corrected = Die Gegenbuchung steht.
line-share = Anteil
line-minimum = Mindestbetrag
line-correction = Berichtigung

ledger-account = Konto
ledger-balance = Saldo
ledger-entries = Buchungen
ledger-number = Nr.
ledger-event = Vorgang
ledger-other = Gegenkonto
ledger-check = Bücher prüfen
ledger-adds-up = Alles ergibt null
ledger-faults = { $count ->
    [one] ein Fehler
   *[other] { $count } Fehler
 }
ledger-none = Noch ist nichts gebucht
ledger-none-text = Nutzungen und Verkäufe unter einer Lizenz werden hier gebucht, jeweils auf zwei Konten.

player-rights = Ihre Daten
player-rights-text = Was der Server in allen Titeln von dieser Person aufhebt, als Datei; und sein Ende.
export = Alles exportieren
export-title = Alles exportieren, was von { $name } aufgehoben ist?
export-text = Eine JSON-Datei über alle Titel. Sie ist persönlich: behandle sie so.
erase = Auslöschen
erase-title = { $name } auslöschen?
erase-text = Die Person, ihre Profile und alles, was ihr gehört, in allen Titeln. Das lässt sich nicht rückgängig machen; Konten in den Büchern bleiben ohne Namen.
erase-name = Gib den Namen ein: { $name }
erase-other-name = Das ist ein anderer Name.
erase-done = { $name } ist ausgelöscht.

screen-releases = Ausgaben
releases-text = Welchen Stand von { $title } die Spielenden bekommen, nach Kanälen.
releases-current = Für alle
releases-rollout = Für { $percent } %
releases-paused = Angehalten
releases-sizes = { $files } Dateien, installiert { $installed }, zu laden { $download }
releases-update = , Aktualisierung ab { $size }
releases-promote = Weitergeben
releases-promote-title = An { $channel } weitergeben
releases-promote-text = Wächst der Anteil, bleiben dieselben dabei. Bei 100 % ist es für alle.
releases-source = Ausgabe
releases-rollback = Zurücknehmen
releases-rollback-title = { $channel } zurücknehmen?
releases-rollback-text = Eine laufende Einführung endet zuerst. Programme folgen, sobald sie nachsehen.
releases-version = Auf
releases-before = was alle vorher hatten
releases-pause = Anhalten
releases-pause-title = Die Einführung in { $channel } anhalten?
releases-pause-text = Niemand neu bekommt sie; wer sie hat, behält sie.
releases-resume = Weitermachen
releases-resume-title = Mit der Einführung in { $channel } weitermachen?
releases-clients = Programme
releases-clients-title = Programme, die { $channel } spielen dürfen
releases-clients-text = Andere erfahren, dass und wo es Neues gibt.
releases-client-min = Ab Version
releases-client-max = Bis Version
releases-client-hint = Etwa 1.4.0. Leer für jede.
releases-step-done = { $channel } ist geändert, die Programme folgen.
releases-none = Noch ist nichts ausgegeben
releases-none-text = Gib einen Stand aus: supergame release push DIR --title { $title } --channel beta

screen-feedback = Rückmeldungen
feedback-text = Was Spielende von { $title } denen schreiben, die es machen, mit dem Stand, den sie hatten.
feedback-open = Zu lesen
feedback-done = Erledigt
feedback-mark = Erledigt
feedback-again = Wieder zu lesen
feedback-is-done = Es ist erledigt.
feedback-is-open = Es ist wieder zu lesen.
feedback-save = Bild speichern
feedback-picture = Was zu sehen war
feedback-log = Protokoll
feedback-none = Hier ist nichts
feedback-none-text = Die Seite des Spiels schickt es, mit Bild und Ort.
