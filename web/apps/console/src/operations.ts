/** What the console can ask its server, written by `generate.ts` from the server's own description. */

export interface Account {
  user: User;
  wallet: string;
  email: string;
  devices: AccountDevice[];
  custom_id: string;
  verify_time: string | null;
  disable_time: string | null;
}

export interface AccountDevice {
  id: string;
  vars: Record<string, string>;
}

export interface AddOperator {
  name: string;
  role: string;
  titles: string[];
}

export interface AssetList {
  assets: AssetMessage[];
}

export interface AssetMessage {
  id: string;
  kind: string;
  name: string;
  age_rating: number;
  files: FileMessage[];
  credits: CreditMessage[];
  remix_of: string;
  remix_bps: number;
}

export interface AuditAction {
  entry: number;
  at: number;
  operator: string;
  operator_id: string;
  role: string;
  client_ip: string;
  action: string;
  title_id: string;
  target: string;
  reason: string;
  request: string;
  outcome: string;
  error: string;
  changes: AuditChange[];
  changes_dropped: number;
  digest: string;
}

export interface AuditChange {
  target: string;
  before: string;
  after: string;
}

export interface AuditCheck {
  entries: number;
  digest: string;
  first_broken: number;
  keeps: boolean;
}

export interface AuditList {
  actions: AuditAction[];
  cursor: string;
}

export interface BalanceList {
  balances: BalanceMessage[];
  cursor: string;
}

export interface BalanceMessage {
  account: string;
  kind: string;
  currency: string;
  amount: number;
  entries: number;
}

export interface BanPlayer {
  title_id: string;
  user_id: string;
  duration_s: number;
}

export interface Change {
  path: string;
  before: string;
  after: string;
}

export interface ChangeOperator {
  operator_id: string;
  role: string;
  titles: string[];
  disabled: boolean;
}

export interface ChangePassword {
  password: string;
  new_password: string;
}

export interface ChangeReport {
  title_id: string;
  report_id: string;
  version: number;
}

export interface ChangeWallet {
  title_id: string;
  user_id: string;
  currency: string;
  amount: number;
  key: string;
}

export interface ChannelIds {
  channel_ids: string[];
  cursor: string;
}

export interface ChannelList {
  channels: ChannelShown[];
}

export interface ChannelMessage {
  channel_id: string;
  message_id: string;
  code: number | null;
  sender_id: string;
  username: string;
  content: string;
  create_time: string | null;
  update_time: string | null;
  persistent: boolean | null;
  room_name: string;
  group_id: string;
  user_id_one: string;
  user_id_two: string;
}

export interface ChannelMessageList {
  messages: ChannelMessage[];
  next_cursor: string;
  prev_cursor: string;
  cacheable_cursor: string;
}

export interface ChannelShown {
  name: string;
  serial: number;
  current: ReleaseShown | null;
  rollout: ReleaseShown | null;
  percent: number;
  is_paused: boolean;
  client_min: string;
  client_max: string;
  known: ReleaseShown[];
  steps: StepShown[];
  expires_at: string | null;
}

export interface CheckReport {
  faults: FaultMessage[];
}

export interface CloseMonth {
  month: string;
}

export interface Collections {
  collections: string[];
  cursor: string;
}

export interface ComplaintEntry {
  reporter_id: string;
  reason: string;
  words: string;
  complain_time: string | null;
}

export interface ConfigChanges {
  changes: Change[];
}

export interface ConfigList {
  environment: string;
  values: ConfigValue[];
  cursor: string;
}

export interface ConfigValue {
  key: string;
  kind: string;
  about: string;
  default: string;
  min: number | null;
  max: number | null;
  choices: string[];
  bytes_max: number;
  for_clients: boolean;
  value: string;
  version: number;
  overrides: Override[];
  problems: string[];
  operator: string;
  reason: string;
  changed_at: string | null;
}

export interface ConfigVersion {
  version: number;
  overrides: Override[];
  changes: Change[];
  operator: string;
  reason: string;
  reverts_to: number | null;
  created_at: string | null;
}

export interface ConfigVersions {
  versions: ConfigVersion[];
  cursor: string;
}

export interface ConfirmTotp {
  code: string;
}

export interface ConsoleMatchList {
  matches: MatchRow[];
  cursor: string;
  total: number;
}

export interface CorrectLine {
  owner_id: string;
  line: string;
  amount: number;
  note: string;
  key: string;
}

export interface CreditMessage {
  owner_id: string;
  share_bps: number;
  role: string;
}

export interface DecideReport {
  title_id: string;
  report_id: string;
  version: number;
  decision: string;
  duration_s: number;
}

export interface DecideSettings {
  title_id: string;
  settings: Settings;
}

export interface Empty {
}

export interface EntryList {
  entries: EntryMessage[];
  cursor: string;
}

export interface EntryMessage {
  number: number;
  amount: number;
  balance: number;
  other: string;
  transaction_id: string;
  event: string;
  memo: string;
  posted_at: string | null;
}

export interface FaultMessage {
  what: string;
  account: string;
  currency: string;
  found: number;
  wanted: number;
}

export interface FeedbackList {
  notes: FeedbackNote[];
  cursor: string;
}

export interface FeedbackNote {
  feedback_id: string;
  user_id: string;
  username: string;
  build: string;
  text: string;
  position: string;
  log: string;
  has_screenshot: boolean;
  state: string;
  created_at: string | null;
}

export interface FileMessage {
  name: string;
  sha256: string;
  bytes: number;
}

export interface GetChannel {
  title_id: string;
  channel: string;
}

export interface ImportObjects {
  title_id: string;
  form: string;
  objects_file: string;
  overwrite: boolean;
}

export interface Imported {
  count: number;
}

export interface InvitedOperator {
  operator: OperatorInfo | null;
  one_time_password: string;
}

export interface KickFromMatch {
  title_id: string;
  match_id: string;
  user_id: string;
}

export interface LicenceList {
  licences: LicenceMessage[];
  after: string;
}

export interface LicenceMessage {
  id: string;
  state: string;
  approved: boolean;
  terms: TermsMessage;
  standing: string[];
  updated_at: string | null;
}

export interface LineList {
  lines: LineMessage[];
}

export interface LineMessage {
  line: string;
  kind: string;
  owner_id: string;
  licence_id: string;
  title: string;
  asset: string;
  currency: string;
  uses: number;
  sessions: number;
  sales: number;
  sold: number;
  royalty: number;
  share: string;
  amount: number;
  note: string;
  corrects: string;
  signed_by: string;
  transaction_id: string;
}

export interface MarkFeedback {
  title_id: string;
  feedback_id: string;
  state: string;
}

export interface MatchDetail {
  match: MatchRow | null;
  players: MatchPlayer[];
  state: Record<string, string>;
}

export interface MatchPlayer {
  user_id: string;
  username: string;
  session_id: string;
}

export interface MatchRow {
  match_id: string;
  authoritative: boolean;
  size: number;
  label: string;
  handler_name: string;
  tick_rate_hz: number;
  tick: number;
  tick_ms: number;
  ticks_missed: number;
}

export interface Me {
  operator_id: string;
  name: string;
  role: string;
  titles: string[];
  permissions: string[];
  must_change_password: boolean;
  must_add_totp: boolean;
  has_totp: boolean;
  ends_at: number;
  idle_s: number;
}

export interface MutePlayer {
  title_id: string;
  user_id: string;
  duration_s: number;
}

export interface MutedList {
  muted: SanctionEntry[];
  cursor: string;
}

export interface NoteEntry {
  id: string;
  text: string;
  written_by: string;
  write_time: string | null;
}

export interface NoteList {
  notes: NoteEntry[];
  cursor: string;
}

export interface Now {
  at_s: number[];
  players: number[];
  sockets: number[];
  matches: number[];
  requests_per_s: number[];
  refused_per_s: number[];
  failures_per_s: number[];
  loop_late_ms: number[];
  tick_p95_ms: number[];
  db_queued: number[];
}

export interface ObjectFile {
  name: string;
  file: string;
  count: number;
  cursor: string;
}

export interface OfferTotp {
  password: string;
}

export interface OneOperator {
  operator_id: string;
}

export interface OnePerson {
  user_id: string;
}

export interface OperatorInfo {
  operator_id: string;
  name: string;
  role: string;
  titles: string[];
  disabled: boolean;
  has_totp: boolean;
  must_change_password: boolean;
  created_at: number;
  signed_in_at: number;
  sessions: number;
  seen_at: number;
}

export interface OperatorList {
  operators: OperatorInfo[];
}

export interface Override {
  value: string;
  environments: string[];
  segment: Segment | null;
  percent: number | null;
  starts_at: string | null;
  ends_at: string | null;
}

export interface OwnerList {
  owners: OwnerMessage[];
}

export interface OwnerMessage {
  id: string;
  name: string;
  person_id: string;
}

export interface PersonFile {
  name: string;
  file: string;
}

export interface Player {
  account: Account;
  titles: string[];
  sockets: SocketEntry[];
  sanctions: SanctionEntry[];
}

export interface PlayerId {
  title_id: string;
  user_id: string;
}

export interface PlayerList {
  players: User[];
  cursor: string;
}

export interface PreviewList {
  previews: PreviewShown[];
}

export interface PreviewShown {
  name: string;
  title_id: string;
  branch: string;
  commit: string;
  url: string;
  console_url: string;
  copied: string[];
  started_at: number;
  ends_at: number;
}

export interface PromoteRelease {
  title_id: string;
  channel: string;
  source: string;
  percent: number;
}

export interface PropertyList {
  properties: PropertyMessage[];
}

export interface PropertyMessage {
  id: string;
  owner_id: string;
  name: string;
  home_title: string;
}

export interface PutObject {
  title_id: string;
  collection: string;
  key: string;
  user_id: string;
  object_value: string;
  version: string;
  permission_read: number;
  permission_write: number;
}

export interface ReleaseShown {
  version: string;
  manifest: string;
  files: number;
  installed_size: number;
  download_size: number;
  update_size: number;
  published_at: string | null;
}

export interface ReplaceKeys {
  title_id: string;
  overlap_s: number;
}

export interface ReplacedKeys {
  server_key: string;
  until: string | null;
}

export interface ReportEntry {
  id: string;
  kind: string;
  user_id: string;
  username: string;
  channel_id: string;
  message_id: string;
  content: string;
  say_time: string | null;
  create_time: string | null;
  state: string;
  version: number;
  reasons: Record<string, number>;
  claimed_by: string;
  claim_end_time: string | null;
  decision: string;
  decided_by: string;
  decide_time: string | null;
  decision_reason: string;
}

export interface ReportList {
  reports: ReportEntry[];
  cursor: string;
}

export interface ReportPage {
  report: ReportEntry;
  complaints: ComplaintEntry[];
  before: ChannelMessage[];
  after: ChannelMessage[];
}

export interface RevertConfig {
  title_id: string;
  key: string;
  version: number;
  to: number;
}

export interface RoleInfo {
  role: string;
  permissions: string[];
}

export interface RoleList {
  roles: RoleInfo[];
}

export interface RollBackRelease {
  title_id: string;
  channel: string;
  version: string;
}

export interface SanctionEntry {
  id: string;
  title_id: string;
  user_id: string;
  kind: string;
  reason: string;
  imposed_by: string;
  impose_time: string | null;
  end_time: string | null;
  lift_time: string | null;
  lifted_by: string;
  lift_reason: string;
  in_force: boolean;
}

export interface Segment {
  countries: string[];
  langs: string[];
  vars: Record<string, string>;
  new_within_days: number | null;
}

export interface SetClients {
  title_id: string;
  channel: string;
  min: string;
  max: string;
}

export interface SetConfig {
  title_id: string;
  key: string;
  version: number;
  overrides: Override[];
}

export interface Settings {
  is_open: boolean | null;
  single_socket: boolean | null;
  single_match: boolean | null;
}

export interface SignIn {
  name: string;
  password: string;
  code: string;
}

export interface SocketEntry {
  session_id: string;
  token_id: string;
}

export interface Spectated {
  messages: SpectatedMessage[];
  last: number;
  skipped: boolean;
  data_bytes_max: number;
  seconds: number;
}

export interface SpectatedMessage {
  number: number;
  tick: number;
  way: string;
  op_code: number;
  sender_id: string;
  sender_name: string;
  receivers: number;
  reliable: boolean;
  text: string;
  base64: string;
  data_bytes: number;
  is_cut: boolean;
}

export interface StatementMessage {
  owner_id: string;
  owner_name: string;
  month: string;
  is_final: boolean;
  lines: LineMessage[];
  totals: Total[];
  sha256: string;
}

export interface StepList {
  steps: StepMessage[];
}

export interface StepMessage {
  number: number;
  action: string;
  before: string;
  after: string;
  signed_by: string;
  reason: string;
  terms_sha256: string;
  at: string | null;
}

export interface StepShown {
  serial: number;
  operator: string;
  action: string;
  version: string;
  reason: string;
  at: string | null;
}

export interface StorageObject {
  collection: string;
  key: string;
  user_id: string;
  value: string;
  version: string;
  permission_read: number;
  permission_write: number;
  create_time: string | null;
  update_time: string | null;
}

export interface StorageObjectAck {
  collection: string;
  key: string;
  version: string;
  user_id: string;
  create_time: string | null;
  update_time: string | null;
}

export interface StorageObjectList {
  objects: StorageObject[];
  cursor: string;
}

export interface TakeStep {
  licence_id: string;
  action: string;
}

export interface TermsMessage {
  title: string;
  property_id: string;
  assets: string[];
  currency: string;
  regions: string[];
  starts_at: string | null;
  ends_at: string | null;
  use_fee: number;
  share_bps: number;
  uses_max: number;
  royalty_max: number;
  minimum: number;
  needs_approval: boolean;
  conduct: string[];
}

export interface TitleKeysShown {
  server_key: string;
  replaced: ReplacedKeys[];
}

export interface TitleList {
  titles: TitleShown[];
}

export interface TitleShown {
  title_id: string;
  title: string;
  environment: string;
  name: string;
  path: string;
  settings: Settings;
  decided: Settings;
}

export interface Total {
  currency: string;
  amount: number;
}

export interface TotpOffer {
  secret: string;
  uri: string;
  qr_svg: string;
}

export interface TransactionMessage {
  id: string;
  key: string;
  event: string;
  currency: string;
  memo: string;
  reverses: string;
  posted_at: string | null;
  transfers: TransferMessage[];
}

export interface TransferMessage {
  debit: string;
  credit: string;
  amount: number;
}

export interface UsageList {
  usage: UsageMessage[];
}

export interface UsageMessage {
  batch: string;
  number: number;
  asset: string;
  uses: number;
  sessions: number;
  sales: number;
  sold: number;
  royalty: number;
  booked_at: string | null;
}

export interface User {
  id: string;
  username: string;
  display_name: string;
  avatar_url: string;
  lang_tag: string;
  location: string;
  timezone: string;
  metadata: string;
  online: boolean;
  edge_count: number;
  create_time: string | null;
  update_time: string | null;
}

export interface WalletAmount {
  currency: string;
  amount: number;
}

export interface WalletBalances {
  balances: WalletAmount[];
}

export interface WalletEntry {
  id: string;
  changeset: WalletAmount[];
  updated: WalletAmount[];
  metadata: string;
  create_time: string | null;
}

export interface WalletPage {
  balances: WalletAmount[];
  entries: WalletEntry[];
  cursor: string;
}

export interface WriteNote {
  title_id: string;
  user_id: string;
  note_text: string;
}

export interface WriteTerms {
  licence_id: string;
  terms: TermsMessage;
}

export interface Operations {
  "DELETE /sg/v1/console/operators/{operator_id}/sessions": { request: { operator_id: string }; reply: Empty };
  "DELETE /sg/v1/console/persons/{user_id}": { request: { user_id: string }; reply: Empty };
  "DELETE /sg/v1/console/persons/{user_id}/ban": { request: { user_id: string }; reply: Empty };
  "DELETE /sg/v1/console/previews/{name}": { request: { name: string }; reply: Empty };
  "DELETE /sg/v1/console/session": { request: Record<never, never>; reply: Empty };
  "DELETE /sg/v1/console/titles/{title_id}/chat/messages/{message_id}": { request: { title_id: string; message_id: string }; reply: Empty };
  "DELETE /sg/v1/console/titles/{title_id}/matches/{match_id}": { request: { title_id: string; match_id: string }; reply: Empty };
  "DELETE /sg/v1/console/titles/{title_id}/players/{user_id}/ban": { request: { title_id: string; user_id: string }; reply: Empty };
  "DELETE /sg/v1/console/titles/{title_id}/players/{user_id}/mute": { request: { title_id: string; user_id: string }; reply: Empty };
  "DELETE /sg/v1/console/titles/{title_id}/storage/objects": { request: { title_id: string; collection?: string; key?: string; user_id?: string; version?: string }; reply: Empty };
  "GET /sg/v1/console/api": { request: Record<never, never>; reply: unknown };
  "GET /sg/v1/console/assets": { request: { after?: string; limit?: number }; reply: AssetList };
  "GET /sg/v1/console/audit": { request: { operator?: string; action?: string; title_id?: string; target?: string; since?: string; until?: string; limit?: number; cursor?: string }; reply: AuditList };
  "GET /sg/v1/console/audit/check": { request: { entries?: string; digest?: string }; reply: AuditCheck };
  "GET /sg/v1/console/ledger/accounts": { request: { limit?: number; cursor?: string }; reply: BalanceList };
  "GET /sg/v1/console/ledger/check": { request: Record<never, never>; reply: CheckReport };
  "GET /sg/v1/console/ledger/entries": { request: { account?: string; currency?: string; limit?: number; cursor?: string }; reply: EntryList };
  "GET /sg/v1/console/ledger/transactions/{transaction_id}": { request: { transaction_id: string }; reply: TransactionMessage };
  "GET /sg/v1/console/licences": { request: { after?: string; limit?: number; title?: string; state?: string }; reply: LicenceList };
  "GET /sg/v1/console/licences/{licence_id}": { request: { licence_id: string }; reply: LicenceMessage };
  "GET /sg/v1/console/licences/{licence_id}/steps": { request: { licence_id: string; after?: number; limit?: number }; reply: StepList };
  "GET /sg/v1/console/licences/{licence_id}/usage/{month}": { request: { licence_id: string; month: string; after_batch?: string; after_number?: number; limit?: number }; reply: UsageList };
  "GET /sg/v1/console/now": { request: { after?: string }; reply: Now };
  "GET /sg/v1/console/operators": { request: Record<never, never>; reply: OperatorList };
  "GET /sg/v1/console/owners": { request: { after?: string; limit?: number }; reply: OwnerList };
  "GET /sg/v1/console/owners/{owner_id}/statements/{month}": { request: { owner_id: string; month: string }; reply: StatementMessage };
  "GET /sg/v1/console/owners/{owner_id}/statements/{month}/csv": { request: { owner_id: string; month: string }; reply: unknown };
  "GET /sg/v1/console/owners/{owner_id}/statements/{month}/html": { request: { owner_id: string; month: string }; reply: unknown };
  "GET /sg/v1/console/previews": { request: Record<never, never>; reply: PreviewList };
  "GET /sg/v1/console/properties": { request: { after?: string; limit?: number }; reply: PropertyList };
  "GET /sg/v1/console/roles": { request: Record<never, never>; reply: RoleList };
  "GET /sg/v1/console/session": { request: Record<never, never>; reply: Me };
  "GET /sg/v1/console/titles": { request: Record<never, never>; reply: TitleList };
  "GET /sg/v1/console/titles/{title_id}": { request: { title_id: string }; reply: TitleShown };
  "GET /sg/v1/console/titles/{title_id}/channels": { request: { title_id: string }; reply: ChannelList };
  "GET /sg/v1/console/titles/{title_id}/channels/{channel}": { request: { title_id: string; channel: string }; reply: ChannelShown };
  "GET /sg/v1/console/titles/{title_id}/chat/channels": { request: { title_id: string; limit?: number; cursor?: string }; reply: ChannelIds };
  "GET /sg/v1/console/titles/{title_id}/chat/messages": { request: { title_id: string; channel_id?: string; limit?: number; forward?: boolean; cursor?: string }; reply: ChannelMessageList };
  "GET /sg/v1/console/titles/{title_id}/chat/muted": { request: { title_id: string; limit?: number; cursor?: string }; reply: MutedList };
  "GET /sg/v1/console/titles/{title_id}/config": { request: { title_id: string; limit?: number; cursor?: string }; reply: ConfigList };
  "GET /sg/v1/console/titles/{title_id}/config/{key}": { request: { title_id: string; key: string }; reply: ConfigValue };
  "GET /sg/v1/console/titles/{title_id}/config/{key}/diff": { request: { title_id: string; key: string; before?: string; after?: string }; reply: ConfigChanges };
  "GET /sg/v1/console/titles/{title_id}/config/{key}/history": { request: { title_id: string; key: string; limit?: number; cursor?: string }; reply: ConfigVersions };
  "GET /sg/v1/console/titles/{title_id}/feedback": { request: { title_id: string; state?: string; limit?: number; cursor?: string }; reply: FeedbackList };
  "GET /sg/v1/console/titles/{title_id}/feedback/{feedback_id}": { request: { title_id: string; feedback_id: string }; reply: FeedbackNote };
  "GET /sg/v1/console/titles/{title_id}/feedback/{feedback_id}/screenshot": { request: { title_id: string; feedback_id: string }; reply: unknown };
  "GET /sg/v1/console/titles/{title_id}/keys": { request: { title_id: string }; reply: TitleKeysShown };
  "GET /sg/v1/console/titles/{title_id}/matches": { request: { title_id: string; label?: string; limit?: number; cursor?: string }; reply: ConsoleMatchList };
  "GET /sg/v1/console/titles/{title_id}/matches/{match_id}": { request: { title_id: string; match_id: string }; reply: MatchDetail };
  "GET /sg/v1/console/titles/{title_id}/matches/{match_id}/messages": { request: { title_id: string; match_id: string; after?: string }; reply: Spectated };
  "GET /sg/v1/console/titles/{title_id}/players": { request: { title_id: string; text?: string; limit?: number; cursor?: string }; reply: PlayerList };
  "GET /sg/v1/console/titles/{title_id}/players/{user_id}": { request: { title_id: string; user_id: string }; reply: Player };
  "GET /sg/v1/console/titles/{title_id}/players/{user_id}/notes": { request: { title_id: string; user_id: string; limit?: number; cursor?: string }; reply: NoteList };
  "GET /sg/v1/console/titles/{title_id}/players/{user_id}/wallet": { request: { title_id: string; user_id: string; limit?: number; cursor?: string }; reply: WalletPage };
  "GET /sg/v1/console/titles/{title_id}/reports": { request: { title_id: string; decided?: boolean; limit?: number; cursor?: string }; reply: ReportList };
  "GET /sg/v1/console/titles/{title_id}/reports/{report_id}": { request: { title_id: string; report_id: string }; reply: ReportPage };
  "GET /sg/v1/console/titles/{title_id}/storage/collections": { request: { title_id: string; limit?: number; cursor?: string }; reply: Collections };
  "GET /sg/v1/console/titles/{title_id}/storage/export": { request: { title_id: string; collection?: string; user_id?: string; form?: string; cursor?: string }; reply: ObjectFile };
  "GET /sg/v1/console/titles/{title_id}/storage/objects": { request: { title_id: string; collection?: string; user_id?: string; key?: string; limit?: number; cursor?: string }; reply: StorageObjectList };
  "POST /sg/v1/console/assets": { request: Partial<AssetMessage>; reply: AssetMessage };
  "POST /sg/v1/console/licences": { request: Partial<WriteTerms>; reply: LicenceMessage };
  "POST /sg/v1/console/licences/{licence_id}/steps": { request: { licence_id: string } & Partial<Omit<TakeStep, "licence_id">>; reply: LicenceMessage };
  "POST /sg/v1/console/operators": { request: Partial<AddOperator>; reply: InvitedOperator };
  "POST /sg/v1/console/operators/{operator_id}/reset": { request: { operator_id: string } & Partial<Omit<OneOperator, "operator_id">>; reply: InvitedOperator };
  "POST /sg/v1/console/owners": { request: Partial<OwnerMessage>; reply: OwnerMessage };
  "POST /sg/v1/console/owners/{owner_id}/corrections": { request: { owner_id: string } & Partial<Omit<CorrectLine, "owner_id">>; reply: LineMessage };
  "POST /sg/v1/console/persons/{user_id}/ban": { request: { user_id: string } & Partial<Omit<BanPlayer, "user_id">>; reply: SanctionEntry };
  "POST /sg/v1/console/persons/{user_id}/export": { request: { user_id: string } & Partial<Omit<OnePerson, "user_id">>; reply: PersonFile };
  "POST /sg/v1/console/properties": { request: Partial<PropertyMessage>; reply: PropertyMessage };
  "POST /sg/v1/console/royalties/{month}/close": { request: { month: string } & Partial<Omit<CloseMonth, "month">>; reply: LineList };
  "POST /sg/v1/console/session": { request: Partial<SignIn>; reply: Me };
  "POST /sg/v1/console/session/totp": { request: Partial<OfferTotp>; reply: TotpOffer };
  "POST /sg/v1/console/titles/{title_id}/channels/{channel}/pause": { request: { title_id: string; channel: string } & Partial<Omit<GetChannel, "title_id" | "channel">>; reply: ChannelShown };
  "POST /sg/v1/console/titles/{title_id}/channels/{channel}/promote": { request: { title_id: string; channel: string } & Partial<Omit<PromoteRelease, "title_id" | "channel">>; reply: ChannelShown };
  "POST /sg/v1/console/titles/{title_id}/channels/{channel}/resume": { request: { title_id: string; channel: string } & Partial<Omit<GetChannel, "title_id" | "channel">>; reply: ChannelShown };
  "POST /sg/v1/console/titles/{title_id}/channels/{channel}/rollback": { request: { title_id: string; channel: string } & Partial<Omit<RollBackRelease, "title_id" | "channel">>; reply: ChannelShown };
  "POST /sg/v1/console/titles/{title_id}/config/{key}/revert": { request: { title_id: string; key: string } & Partial<Omit<RevertConfig, "title_id" | "key">>; reply: ConfigValue };
  "POST /sg/v1/console/titles/{title_id}/keys": { request: { title_id: string } & Partial<Omit<ReplaceKeys, "title_id">>; reply: TitleKeysShown };
  "POST /sg/v1/console/titles/{title_id}/matches/{match_id}/kick": { request: { title_id: string; match_id: string } & Partial<Omit<KickFromMatch, "title_id" | "match_id">>; reply: Empty };
  "POST /sg/v1/console/titles/{title_id}/players/{user_id}/ban": { request: { title_id: string; user_id: string } & Partial<Omit<BanPlayer, "title_id" | "user_id">>; reply: SanctionEntry };
  "POST /sg/v1/console/titles/{title_id}/players/{user_id}/mute": { request: { title_id: string; user_id: string } & Partial<Omit<MutePlayer, "title_id" | "user_id">>; reply: SanctionEntry };
  "POST /sg/v1/console/titles/{title_id}/players/{user_id}/notes": { request: { title_id: string; user_id: string } & Partial<Omit<WriteNote, "title_id" | "user_id">>; reply: NoteEntry };
  "POST /sg/v1/console/titles/{title_id}/players/{user_id}/sign-out": { request: { title_id: string; user_id: string } & Partial<Omit<PlayerId, "title_id" | "user_id">>; reply: Empty };
  "POST /sg/v1/console/titles/{title_id}/players/{user_id}/wallet": { request: { title_id: string; user_id: string } & Partial<Omit<ChangeWallet, "title_id" | "user_id">>; reply: WalletBalances };
  "POST /sg/v1/console/titles/{title_id}/reports/{report_id}/claim": { request: { title_id: string; report_id: string } & Partial<Omit<ChangeReport, "title_id" | "report_id">>; reply: ReportEntry };
  "POST /sg/v1/console/titles/{title_id}/reports/{report_id}/decide": { request: { title_id: string; report_id: string } & Partial<Omit<DecideReport, "title_id" | "report_id">>; reply: ReportEntry };
  "POST /sg/v1/console/titles/{title_id}/reports/{report_id}/undo": { request: { title_id: string; report_id: string } & Partial<Omit<ChangeReport, "title_id" | "report_id">>; reply: ReportEntry };
  "POST /sg/v1/console/titles/{title_id}/storage/import": { request: { title_id: string } & Partial<Omit<ImportObjects, "title_id">>; reply: Imported };
  "PUT /sg/v1/console/licences/{licence_id}": { request: { licence_id: string } & Partial<Omit<WriteTerms, "licence_id">>; reply: LicenceMessage };
  "PUT /sg/v1/console/operators/{operator_id}": { request: { operator_id: string } & Partial<Omit<ChangeOperator, "operator_id">>; reply: OperatorInfo };
  "PUT /sg/v1/console/session/password": { request: Partial<ChangePassword>; reply: Me };
  "PUT /sg/v1/console/session/totp": { request: Partial<ConfirmTotp>; reply: Me };
  "PUT /sg/v1/console/titles/{title_id}/channels/{channel}/clients": { request: { title_id: string; channel: string } & Partial<Omit<SetClients, "title_id" | "channel">>; reply: ChannelShown };
  "PUT /sg/v1/console/titles/{title_id}/config/{key}": { request: { title_id: string; key: string } & Partial<Omit<SetConfig, "title_id" | "key">>; reply: ConfigValue };
  "PUT /sg/v1/console/titles/{title_id}/feedback/{feedback_id}": { request: { title_id: string; feedback_id: string } & Partial<Omit<MarkFeedback, "title_id" | "feedback_id">>; reply: FeedbackNote };
  "PUT /sg/v1/console/titles/{title_id}/settings": { request: { title_id: string } & Partial<Omit<DecideSettings, "title_id">>; reply: TitleShown };
  "PUT /sg/v1/console/titles/{title_id}/storage/objects": { request: { title_id: string } & Partial<Omit<PutObject, "title_id">>; reply: StorageObjectAck };
}
