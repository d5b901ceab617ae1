# The console in English. A test keeps this file and its translations complete and without leftovers.

language = Language
skip = Skip to the content
home = supergame console, first screen
menu = Menu
form-cancel = Cancel
form-file-too-big = This file is larger than 4 MiB.
dialog-close = Close
toast-undo = Undo
table-more = Show more
table-loading = One moment...
diff-label = What changed
diff-none = Nothing.
ask-reason = Reason
ask-reason-hint = It goes into the audit trail, and where it is about a player, they may read it.

away-title = The server does not answer
away-text = It may be starting or stopping. What you have done so far is kept.
away-again = Try again
nowhere-title = There is nothing here
nowhere-text = This screen does not exist on this server, or your role does not include it.

sign-in-title = Sign in
sign-in-text = This is the console of this server's operators.
sign-in-ended = Your session has ended. Sign in again to go on where you were.
sign-in-name = Name
sign-in-password = Password
sign-in-code = Code
sign-in-code-hint = The six digits that your authenticator shows now.
sign-in-submit = Sign in
sign-out = Sign out

first-password-title = Choose your own password
first-password-text = The one you signed in with works only once. From now on only you know it.
first-password-old = One-time password
first-password-submit = Keep it and go on
password-new = New password
password-hint = At least 12 letters. A sentence is good, and easy to remember.
password-change = Change password
password-changed = Your password is changed, and other sessions have ended.
first-totp-title = Add an authenticator
first-totp-text = This server asks all its operators for a code besides the password.
totp-begin = Go on
totp-scan = Scan this with your authenticator app, then type the code that it shows.
totp-qr = QR code for the authenticator
totp-secret = Or type this secret:
totp-confirm = Confirm
totp-done = From now on you sign in with a code too.
totp-add = Add an authenticator
totp-replace = Replace the authenticator

self-title = Your account
self-name = Operator
self-titles = Titles
self-all-titles = All titles
self-ends = Session ends
self-totp = Authenticator
self-totp-on = In use
self-totp-off = None

role-owner = Owner
role-operator = Operator
role-support = Support
role-viewer = Viewer

palette-open = Go to...
palette-title = Go to
palette-hint = Type a few letters
palette-nothing = Nothing is called so.
palette-find = Find the player "{ $query }"
palette-look-at = Look at { $title }
palette-language = Language: { $language }

keys-title = Keys
keys-palette = go anywhere
keys-search = search
keys-rows = through the rows
keys-reports = approve, remove, mute, ban
keys-undo = undo
keys-this = these keys

title-choose = Title
group-watch = Watch
group-people = People
group-game = Game
group-house = House
screen-players = Players
screen-titles = Titles
screen-config = Config
screen-access = Access
screen-audit = Audit
screen-api = API explorer

players-text = Everybody who has played { $title }.
players-search = Name, id, e-mail, device or custom id
players-name = Player
players-username = User name
players-state = State
players-id = Id
players-since = Since
players-none = Nobody has played yet
players-none-text = As soon as somebody signs in to this title they are listed here, the newest first.
players-none-found = Nobody is found by that
players-none-found-text = Whole ids, e-mail addresses and device ids are found, and beginnings of user names.
player = Player
player-online = Online
player-offline = Offline
player-sockets = { $count ->
    [0] no open socket
    [one] one open socket
   *[other] { $count } open sockets
 }
player-profile = Profile
player-email = E-mail
player-custom-id = Custom id
player-device = Device
player-place = Place
player-titles = Also plays
player-wallet = Wallet
player-wallet-none = Empty.
wallet-entries = What came and went
wallet-left = makes { $balances }
wallet-change = Change
wallet-change-title = Change the wallet of { $name }
wallet-change-text = The player has it at once. The entry and the audit trail keep your name and the reason.
wallet-currency = Currency
wallet-amount = Amount
wallet-amount-hint = Below zero takes away. Nobody's wallet goes below zero.
wallet-changed = The wallet of { $name } is changed.
player-notes = Notes
player-notes-none = Nobody has written anything down yet.
player-sanctions = Bans and mutes
player-sanctions-none = There never was one.
player-sign-out = Sign out
player-sign-out-title = Sign { $name } out?
player-sign-out-text = Their open sockets close. They can sign in again at once.
player-sign-out-done = { $name } is signed out.
note-title = A note about { $name }
note-text = Note
note-hint = Operators read it, players never do. It cannot be changed later.
note-add = Add a note
note-done = The note is kept.

sanction-ban = Ban
sanction-mute = Mute
sanctioned-ban = Banned
sanctioned-mute = Muted
sanction-duration = For how long
sanction-duration-option = { $hours ->
    [0] Until somebody lifts it
    [1] One hour
    [24] One day
    [168] Seven days
    [720] Thirty days
   *[other] { $hours } hours
 }
sanction-until = ends
sanction-for-good = until somebody lifts it
sanction-lifted = lifted by { $by }
ban = Ban
ban-title = Ban { $name }?
ban-text = They are signed out of this title at once and cannot come back until it ends.
ban-everywhere = Ban in all titles
ban-everywhere-title = Ban { $name } in all titles?
ban-everywhere-text = They are signed out of everything that this deployment serves.
ban-done = { $name } is banned.
mute = Mute
mute-title = Mute { $name }?
mute-text = They go on playing, but cannot say anything in chat.
mute-done = { $name } is muted.
lift = Lift
lift-title = { $kind }: lift it for { $name }?
lift-done = It is lifted for { $name }.

titles-text = What this deployment serves, each in its environments.
titles-name = Title
titles-environment = Environment
titles-open = Open
titles-closed = Closed
titles-settings = Settings
titles-settings-none = As usual
titles-none = No title is served
titles-none-text = Start the server with a game, such as supergame up starhop.
titles-is-open = Open for sign-in
titles-single-socket = One socket a player
titles-single-match = One match a socket
titles-by-file = As the server's file says
titles-decide = Decide
titles-decide-title = Settings of { $title }
titles-decide-text = They count at once. Closing a title lets nobody new in; who plays stays.
titles-decided = The settings of { $title } count now.
titles-keys = Keys
titles-keys-of = Keys of { $title }
titles-keys-text = The server key ships with the title's clients and names it at sign-in. HTTP keys are secrets and stand in the data folder alone.
titles-until = works until
titles-replace = Replace the keys
titles-replace-title = Replace the keys of { $title }?
titles-replace-text = Clients and servers need the new ones before the old ones end.
titles-overlap = The old ones work for
titles-overlap-option = { $days ->
    [0] not a moment longer
    [1] one more day
   *[other] { $days } more days
 }

config-text = Values that { $title } reads while it runs. A change reaches server and players at once.
config-search = Name or description
config-key = Value
config-now = Counts now
config-default = Default
config-overrides = Overrides
config-changed = Changed
config-none = This game declares no values
config-none-text = In the game's code: speed = game.config.number("speed", 1.0, min=0.5, max=2)
config-none-found = No value is called so
config-overrides-count = { $count ->
    [one] one override
   *[other] { $count } overrides
 }
config-problems = { $count ->
    [one] one problem
   *[other] { $count } problems
 }
config-kind = Kind
config-kind-number = number
config-kind-integer = whole number
config-kind-flag = yes or no
config-kind-text = text
config-kind-choice = choice
config-kind-json = JSON
config-kind-gone = no longer in the code
config-gone = -
config-range = Range
config-choices = Choices
config-reach = Reaches
config-reach-clients = the game's code and clients
config-reach-server = the game's code only
config-version = Version
config-version-nth = Version { $version }
config-value = Value
config-true = Yes
config-false = No
config-percent = Share of players, %
config-percent-hint = Empty for all. The same players stay in while it grows.
config-starts = From
config-starts-hint = In your time zone. Empty for now.
config-ends = Until
config-countries = Countries
config-countries-hint = Such as DE, FR. Empty for all.
config-langs = Languages
config-langs-hint = Such as de, fr. Empty for all.
config-environments = Environments
config-environments-hint = Such as beta. Empty for all.
config-for-percent = { $percent } % of the players
config-in-environments = in { $names }
config-in-countries = from { $names }
config-in-langs = speaking { $names }
config-for-new = new within { $days } days
config-from = from { $time }
config-to = until { $time }
config-everybody = For everybody, always
config-add = Add an override
config-add-title = Override { $key }
config-edit = Change
config-edit-title = Change an override of { $key }
config-edit-nth = Change override { $place }
config-save = Let it count
config-remove = Remove
config-remove-title = Remove this override of { $key }?
config-remove-nth = Remove override { $place }
config-remove-text = What comes after it counts then, at last the default.
config-done = { $key } counts as { $value } now.
config-no-overrides = The default counts
config-no-overrides-text = An override gives another value: to all or a share of the players, for a while or for good. The first that fits counts.
config-history = History
config-no-history = Nobody has changed it yet.
config-revert = Bring back
config-revert-last = Undo the last change
config-revert-title = Bring back version { $version } of { $key }?
config-revert-text = Its overrides count again, as a new version.
config-reverts-to = Brings back version { $version }.

access-text = Who may sign in here, and to do what.
access-add = Invite an operator
access-role = Role
access-titles = Titles
access-titles-hint = Such as { $example }. Empty for all.
access-name-hint = Small letters, digits, dots, hyphens. It signs what they do, and is never given twice.
access-seen = Last seen
access-act = Do
access-disabled = Disabled
access-invited = Invited
access-none = There is nobody
access-change = Change
access-change-title = Change { $name }
access-change-text = Their sessions end, so that the new rights count at once.
access-changed = { $name } is changed.
access-disable = May not sign in
access-reset = New password
access-reset-title = A new one-time password for { $name }
access-reset-text = Their password and authenticator stop working, and their sessions end.
access-invited-title = One-time password for { $name }
access-invited-text = Give it to them in a safe way. It is shown only now, works for seven days, and they choose their own at once.
access-invited-done = I have kept it
access-roles = What each role may do
access-resource = Of

audit-text = Every action of every operator, chained so that nothing can be changed or cut out unseen.
audit-check = Check the chain
audit-whole = Whole
audit-whole-text = { $count } entries. Keep this digest elsewhere:
audit-broken = Broken
audit-broken-text = Entry { $entry } is not what was written.
audit-by-operator = By operator
audit-by-target = By exact target, such as players/<id>/ban
audit-action = Action
audit-target = Target
audit-operator = Operator
audit-reason = Reason
audit-outcome = Outcome
audit-at = When
audit-error = Error
audit-digest = Digest
audit-request = What was asked for
audit-dropped = { $count ->
    [one] One more change is not kept whole.
   *[other] { $count } more changes are not kept whole.
 }
audit-none = Nothing is found
audit-none-text = Whatever operators change stands here, with before and after and their reason.
outcome-done = Done
outcome-refused = Refused
outcome-failed = Failed
outcome-open = Open

api-text = Every operation of this console. What you send here counts, as everywhere else.
api-operations = Operations
api-search = Path or name
api-none = No operation is called so
api-choose = Choose an operation
api-choose-text = Its fields are filled with what they are when nothing is said.
api-request = Request
api-body = Body, JSON
api-send = Send
api-careful = This changes something.
api-answer = Answer

screen-now = Now
screen-matches = Matches
screen-reports = Chat and reports
screen-storage = Storage
screen-licences = Licences

now-text = This server, second by second, for the last five minutes.
now-players = Players
now-sockets = Sockets
now-matches = Matches
now-requests = Requests /s
now-refused = Refused
now-failures = Failures
now-late = Loop delay
now-late-worst = Worst delay
now-tick = Tick, p95
now-who = Who is here
now-traffic = Traffic
now-delays = Delays
now-feed = What operators do
now-feed-all = All of it
now-feed-none = Nothing yet.

matches-text = { $count ->
    [0] None runs in { $title } now.
    [one] One runs in { $title } now.
   *[other] { $count } run in { $title } now.
 }
matches-again = Look again
matches-search = Part of a label
matches-match = Match
matches-kind = Kind
matches-label = Label
matches-size = Players
matches-tick = Tick
matches-cost = A tick takes
matches-relayed = relayed
matches-authoritative = of the server
matches-tick-at = { $tick } at { $hz } Hz
matches-missed = { $count } missed
matches-none = No match runs
matches-none-text = Matches appear here while somebody is in them.
match-ticks = Ticks so far
match-rate = Tick rate
match-missed = Ticks missed
match-players = Who is in
match-session = Session
match-empty = Nobody is in.
match-kick = Take out
match-kick-title = Take { $name } out of this match?
match-kick-text = Their sockets leave the match. They stay signed in and may join again if the game lets them.
match-kicked = { $name } is out of the match.
match-end = End the match
match-end-title = End this match?
match-end-text = Everybody in it is told, and it stops.
match-ended = The match has ended.
spectate-title = Spectate
spectate-text = What the match sends and what players send it, from the moment you watch. Nobody in it notices, and a few seconds after you stop nothing is kept.
spectate-text-relayed = What players send each other through this match, from the moment you watch. It is relayed: it has no ticks and sends nothing of its own. Nobody in it notices, and a few seconds after you stop nothing is kept.
spectate-watch = Watch
spectate-pause = Pause
spectate-op = Op code
spectate-op-all = All
spectate-at = Time
spectate-tick = tick { $tick }
spectate-way = Way
spectate-way-sent = sent
spectate-way-received = received
spectate-way-relayed = relayed
spectate-from = From
spectate-to = To
spectate-match = the match
spectate-data = Data
spectate-no-data = no data
spectate-none = No messages
spectate-none-text = Watch, and they appear here as they come.
spectate-none-yet = None has come yet.
spectate-skipped = Some messages were forgotten before they were shown.
spectate-message = Op code { $op }
spectate-base64 = in base64
spectate-unreliable = may get lost on the way
spectate-cut = the first { $shown }

reports-text = What players of { $title } say, and what they find wrong with it.
reports-waiting = Waiting
reports-decided = Decided
reports-channels = Channels
reports-muted = Muted
reports-none = Nothing waits
reports-none-text = What players report comes here, the oldest first, with ten lines around it.
reports-none-decided = Nothing has been decided yet
reports-chosen = Report
reports-context = What was said around it
reports-reporter = reporter
reports-claimed = { $by } is at it
reports-decided-by = { $by } decided it
reports-undone = It waits again.
report-kind-player = a player
report-kind-message = a message
report-kind-name = a name
report-reason-spam = spam
report-reason-harassment = harassment
report-reason-hate = hate
report-reason-sexual = sexual content
report-reason-violence = violence
report-reason-self-harm = self-harm
report-reason-child-safety = child safety
report-reason-privacy = privacy
report-reason-cheating = cheating
report-reason-other = something else
decide-approve = Approve
decide-remove = Remove
decide-mute = Mute 1 h
decide-ban = Ban
decision-approve = Approved
decision-remove = Removed
decision-mute = Muted
decision-ban = Banned
decided-approve = What { $name } said stays.
decided-remove = What { $name } said is removed.
decided-mute = { $name } is muted for an hour.
decided-ban = { $name } is banned.
channels-name = Channel
channels-said = Said
channels-direct = between two
channels-group = group { $id }
channels-system = the server
channels-nothing = Nothing was said here.
channels-none = Nothing has been said yet
channels-none-text = Channels with a history are listed here.
channels-remove-title = Remove this message of { $name }?
channels-removed = The message is removed.
muted-until = Until
muted-none = Nobody is muted

storage-text = What { $title } keeps for its players and for itself, by collection.
storage-collection = Collection
storage-key = Key
storage-owner = Owner
storage-owner-hint = The player's id. Empty for what belongs to nobody.
storage-nobody = nobody
storage-size = Size
storage-permissions = Permissions
storage-by-owner = By owner's id
storage-by-key = By key
storage-read = May be read by
storage-read-option = { $level ->
    [0] read by the server
    [1] read by the owner
   *[other] read by everybody
 }
storage-write = May be written by
storage-write-option = { $level ->
    [0] written by the server
   *[other] written by the owner
 }
storage-value = Value, JSON
storage-new = New object
storage-edit-title = Change { $key }
storage-edit-text = Saved only if nobody has changed it since you looked: version { $version }.
storage-save = Save
storage-saved = { $key } is saved.
storage-delete = Delete
storage-delete-title = Delete { $key }?
storage-delete-text = Only if nobody has changed it since you looked. Export it first if it may be wanted again.
storage-deleted = { $key } is deleted.
storage-export-as = Export as { $form }
storage-import = Import
storage-import-text = All of the file is written, or nothing.
storage-file = File
storage-form = Form
storage-overwrite = Overwrite what has changed
storage-overwrite-hint = Without it, an object that has another version than the file says refuses the file.
storage-imported = { $count ->
    [one] One object is written.
   *[other] { $count } objects are written.
 }
storage-none = Nothing is kept yet
storage-none-text = As soon as the game or a player writes an object, its collection is listed here.
storage-none-found = No such object
storage-none-found-text = Another owner or key may have some.

licences-text = Who owns what, which title may use it on which terms, and what that comes to.
licences-list = Licences
licences-registry = Registry
licences-statement = Statement
licences-ledger = Ledger
licences-any = In any state
licences-draft = Draft a licence
licences-title = For the title
licences-title-hint = The title that is to use it.
licences-asset = Asset
licences-assets = Assets
licences-fee = Fee a use
licences-fee-hint = In the smallest unit of the currency, such as cents.
licences-share = Share
licences-currency = Currency
licences-regions = Countries
licences-approval = Needs approval
licences-conduct = Conduct
licences-conduct-hint = One rule a line, such as: no violence by the character.
licences-price = Price
licences-per-use = { $fee } a use
licences-of-sales = { $share } of sales
licences-free = Free
licences-none = No licence yet
licences-none-text = Register an owner, a property and an asset; then draft the terms on which a title may use it.
licence-draft = Draft
licence-offered = Offered
licence-accepted = Accepted
licence-active = Active
licence-suspended = Suspended
licence-revoked = Revoked
licence-expired = Expired
licence-terms = Terms
licence-minimum = Minimum
licence-royalty-max = At most
licence-uses-max = Uses at most
licence-everywhere = Everywhere
licence-approved = Approved
licence-not-approved = Not yet approved
licence-standing = If it were used now
licence-steps = Signed steps
licence-step-text = You sign this step with your name. It is kept for ever, and live matches follow within two seconds.
licence-step-done = The licence is now: { $state }.
step-write = Written
step-offer = Offer
step-withdraw = Withdraw
step-accept = Accept
step-approve = Approve
step-activate = Activate
step-suspend = Suspend
step-restore = Restore
step-revoke = Revoke
step-expire = Expired
standing-licensed = allowed
standing-own = own, allowed
standing-no-licence = no licence
standing-not-started = not yet
standing-ended = ended
standing-suspended = suspended
standing-revoked = revoked
standing-region = not in this country
standing-used-up = used up

registry-owners = Owners
registry-owner = Owner
registry-add-owner = Add an owner
registry-owner-text = Whoever is owed royalties: a studio, or a creator among the players.
registry-no-owners = No owner yet
registry-person = Player
registry-person-hint = The id of a creator who is a player here.
registry-statement = Open
registry-properties = Properties
registry-add-property = Add a property
registry-property-text = A body of work, such as a game's world. Its home title needs no licence for it.
registry-no-properties = No property yet
registry-home = Home title
registry-home-hint = Such as kitewind. May be empty.
registry-assets = Assets
registry-add-asset = Add an asset
registry-asset-text = What a title may use: a character, an item, music, a stage.
registry-no-assets = No asset yet
registry-id-hint = Such as { $example }. It is for ever.
registry-age = Age rating
registry-age-option = { $age ->
    [0] for all
   *[other] from { $age }
 }
registry-credit = Made by
registry-credit-none = The owner
registry-credit-share = Their share, %
registry-done = { $name } is registered.
asset-character = character
asset-item = item
asset-music = music
asset-stage-theme = stage theme
asset-stage = stage

statement-month = Month
statement-print = To print
statement-total = Owed for the month
statement-uses = Uses
statement-sales = Sales
statement-royalty = Royalty
statement-amount = Amount
statement-line = Line
statement-state = State
statement-open = Open
statement-final = Final
statement-none = Nothing was used in this month
statement-none-text = Every use and sale under a licence stands here within moments.
statement-sum = Checksum of this statement:
statement-close = Close the month
statement-close-title = Close { $month } for all owners?
statement-close-text = Its lines get their numbers and are final. Disputes are settled by counter-entries from then on.
statement-closed = { $month } is closed.
statement-correct = Correct
statement-correct-title = Correct line { $line }
statement-correct-text = A counter-entry is added; nothing that was written is changed.
statement-correct-amount = Amount, smallest unit of { $currency }
statement-correct-hint = Below zero takes back.
statement-note = Note, for the owner
statement-corrected = The counter-entry is booked.
line-share = share
line-minimum = minimum
line-correction = correction

ledger-account = Account
ledger-balance = Balance
ledger-entries = Entries
ledger-number = No.
ledger-event = Event
ledger-other = Other side
ledger-check = Check the books
ledger-adds-up = All adds up to zero
ledger-faults = { $count ->
    [one] one fault
   *[other] { $count } faults
 }
ledger-none = Nothing is booked yet
ledger-none-text = Uses and sales under a licence are booked here, each on two accounts.

player-rights = Their data
player-rights-text = What the deployment keeps of this person in all its titles, as a file; and its end.
export = Export all
export-title = Export all that is kept of { $name }?
export-text = One JSON file, of all titles. It is personal: keep it as such.
erase = Erase
erase-title = Erase { $name }?
erase-text = The person, their profiles and all that belongs to them, in all titles. It cannot be undone; accounts in the books stay without a name.
erase-name = Type their name: { $name }
erase-other-name = This is another name.
erase-done = { $name } is erased.

screen-releases = Releases
releases-text = Which build of { $title } players get, by channel.
releases-current = For everybody
releases-rollout = For { $percent } %
releases-paused = Paused
releases-sizes = { $files } files, { $installed } installed, { $download } to fetch
releases-update = , updates from { $size }
releases-promote = Promote
releases-promote-title = Promote to { $channel }
releases-promote-text = The same players stay in while the share grows. At 100 % it is for everybody.
releases-source = Release
releases-rollback = Roll back
releases-rollback-title = Roll { $channel } back?
releases-rollback-text = A rollout under way ends first. Clients follow at their next look.
releases-version = To
releases-before = what everybody had before
releases-pause = Pause
releases-pause-title = Pause the rollout in { $channel }?
releases-pause-text = Nobody new gets it; who has it keeps it.
releases-resume = Go on
releases-resume-title = Go on with the rollout in { $channel }?
releases-clients = Clients
releases-clients-title = Clients that may play { $channel }
releases-clients-text = Others are told to update, and where.
releases-client-min = From version
releases-client-max = To version
releases-client-hint = Such as 1.4.0. Empty for any.
releases-step-done = { $channel } has changed; clients follow.
releases-none = Nothing is released yet
releases-none-text = Push a build: supergame release push DIR --title { $title } --channel beta

screen-feedback = Feedback
feedback-text = What players of { $title } wrote to those who make it, pinned to the build that they had.
feedback-open = To read
feedback-done = Done
feedback-mark = Done
feedback-again = To read again
feedback-is-done = It is done.
feedback-is-open = It is to be read again.
feedback-save = Save the picture
feedback-picture = What the player saw
feedback-log = Log
feedback-none = Nothing is here
feedback-none-text = The game's own page sends it, with a picture and the place.
