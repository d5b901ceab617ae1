/** How to reach this very server from each engine. The code is what the published clients take today; only the values are ours. */

import { type Endpoint, origin } from "@supergame/guest";

export interface Snippet {
  id: string;
  label: string;
  language: string;
  comment: "hash" | "dash" | "slash";
  /** What to install first, in words or as a command. */
  get: string;
  code: string;
}

/** A JSON string is also a valid string of JavaScript, C#, GDScript, C++, Lua and Python for the characters that keys and hosts hold. */
const quoted = (value: string): string => JSON.stringify(value);

/** For a POSIX shell: single quotes keep every character but themselves. */
const shell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

export function snippets(at: Endpoint): Snippet[] {
  const { scheme, host, port, key } = at;
  const tls = scheme === "https";
  const url = origin(at);
  return [
    {
      id: "javascript",
      label: "JavaScript",
      language: "TypeScript, browser or Node",
      comment: "slash",
      get: "npm install @heroiclabs/nakama-js",
      code: `import { Client } from "@heroiclabs/nakama-js";

const client = new Client(${quoted(key)}, ${quoted(host)}, "${port}", ${tls});

const session = await client.authenticateDevice("my-device-0001", true, "windrider");
const account = await client.getAccount(session);
console.log("Hello", account.user.username);

const socket = client.createSocket(${tls});
await socket.connect(session, true);
`,
    },
    {
      id: "unity",
      label: "Unity",
      language: "C#, also plain .NET",
      comment: "slash",
      get: "The Nakama package for Unity, or NuGet: NakamaClient",
      code: `using Nakama;

var client = new Client("${scheme}", ${quoted(host)}, ${port}, ${quoted(key)}, UnityWebRequestAdapter.Instance);

var session = await client.AuthenticateDeviceAsync(SystemInfo.deviceUniqueIdentifier, "windrider");
var account = await client.GetAccountAsync(session);
Debug.Log($"Hello {account.User.Username}");

var socket = client.NewSocket();
await socket.ConnectAsync(session, true);
`,
    },
    {
      id: "godot",
      label: "Godot 4",
      language: "GDScript",
      comment: "hash",
      get: "The Nakama addon from the asset library; add Nakama.gd as an autoload",
      code: `extends Node

func _ready() -> void:
    var client := Nakama.create_client(${quoted(key)}, ${quoted(host)}, ${port}, "${scheme}")

    var session: NakamaSession = await client.authenticate_device_async(OS.get_unique_id(), "windrider")
    if session.is_exception():
        return print(session.get_exception().message)

    var account = await client.get_account_async(session)
    print("Hello ", account.user.username)

    var socket := Nakama.create_socket_from(client)
    await socket.connect_async(session)
`,
    },
    {
      id: "unreal",
      label: "Unreal",
      language: "C++",
      comment: "slash",
      get: "The Nakama plugin; add the modules Nakama and NakamaApi to Build.cs",
      code: `const FNakamaClientConfig Config{TEXT(${quoted(key)}), TEXT(${quoted(host)}), ${port}, ${tls}};

constexpr bool bCreate = true;
Nakama::AuthenticateDevice(Config, bCreate, TEXT("windrider"), TEXT("my-device-0001"))
    .Next([Config](const FNakamaSessionResult& Result)
    {
        if (Result.bIsError)
        {
            UE_LOG(LogTemp, Error, TEXT("%s"), *Result.Error.Message);
            return;
        }
        UE_LOG(LogTemp, Log, TEXT("Hello %s"), *Result.Value.Username);
    });
`,
    },
    {
      id: "defold",
      label: "Defold",
      language: "Lua",
      comment: "dash",
      get: "The Nakama library as a dependency in game.project, with extension-websocket",
      code: `local nakama = require "nakama.nakama"
local defold = require "nakama.engine.defold"

local client = nakama.create_client({
    host = ${quoted(host)}, port = ${port}, use_ssl = ${tls},
    username = ${quoted(key)}, password = "",
    engine = defold,
})

nakama.sync(function()
    local session = client.authenticate_device(defold.uuid(), nil, true, "windrider")
    client.set_bearer_token(session.token)
    local account = client.get_account()
    print("Hello", account.user.username)
end)
`,
    },
    {
      id: "python",
      label: "Python",
      language: "standard library only",
      comment: "hash",
      get: "Nothing to install: it is HTTP and JSON",
      code: `import base64, json
from urllib.request import Request, urlopen

SERVER = ${quoted(url)}
BASIC = base64.b64encode(${quoted(`${key}:`)}.encode()).decode()


def call(path, auth, body=None):
    data = None if body is None else json.dumps(body).encode()
    head = {"Authorization": auth, "Content-Type": "application/json"}
    return json.load(urlopen(Request(SERVER + path, data, head)))


session = call("/v2/account/authenticate/device?create=true", f"Basic {BASIC}", {"id": "my-device-0001"})
account = call("/v2/account", f"Bearer {session['token']}")
print("Hello", account["user"]["username"])
`,
    },
    {
      id: "curl",
      label: "curl",
      language: "any shell",
      comment: "hash",
      get: "Nothing to install",
      code: `# Sign in; the answer holds a token.
curl -sS -u ${shell(`${key}:`)} -H 'Content-Type: application/json' \\
  -d '{"id": "my-device-0001"}' \\
  ${shell(`${url}/v2/account/authenticate/device?create=true`)}

# Use it.
curl -sS -H "Authorization: Bearer $TOKEN" ${shell(`${url}/v2/account`)}
`,
    },
  ];
}
