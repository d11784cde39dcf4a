package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"referent/rag/ollama/ollamatest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"referent": main})
}

// TestCommands runs the txtar scripts: each has a folder and a scripted Ollama of its own.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			server := ollamatest.Start(ollamatest.Script{})
			env.Defer(server.Close)
			env.Values[serverKey{}] = server
			env.Setenv("OLLAMA_HOST", server.URL)
			acts := httptest.NewServer(recorded(env.WorkDir))
			env.Defer(acts.Close)
			env.Setenv("REFERENT_ELI", acts.URL+"/eli")
			env.Setenv("REFERENT_EURLEX", acts.URL+"/eu")
			env.Setenv("REFERENT_DATA", "data")
			address := freeAddress(t)
			env.Setenv("ADDR", address)
			env.Setenv("PORT", address[strings.LastIndex(address, ":")+1:])
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ollama":    rewriteOllama,
			"asked":     countAsked,
			"json":      checkJSON,
			"code":      checkCode,
			"repeat":    setRepeated,
			"waitready": waitReady,
			"waitfound": waitFound(true),
			"waitgone":  waitFound(false),
		},
		RequireExplicitExec: true,
	})
}

// recorded is the official services: it answers /eli/acts/DU/2090/7 with the file
// eli/DU-2090-7 of a script, and the query of the EU office with eu/sparql.
func recorded(dir string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.ReplaceAll(strings.TrimPrefix(r.URL.Path, "/eli/acts/"), "/", "-")
		file := filepath.Join(dir, "eli", name)
		if path, eu := strings.CutPrefix(r.URL.Path, "/eu/"); eu {
			file = filepath.Join(dir, "eu", path[strings.LastIndex(path, "/")+1:])
		}
		http.ServeFile(w, r, file) // with Last-Modified, as the services do
	}
}

type serverKey struct{}

// ports counts the ports handed out, so that no test of this process gets another's.
var ports atomic.Uint32

// freeAddress gives an address whose port lies below those that the system hands out by
// itself: between this look and the server's start nothing takes it.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+(uint32(os.Getpid())*101+ports.Add(1))%10000)
		listener, err := net.Listen("tcp", address)
		if err != nil {
			continue // somebody else's
		}
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatal("no free port")
	return ""
}

// rewriteOllama: ollama midway|broken|gone|chat-only|bare|other-embedding|healthy
func rewriteOllama(ts *testscript.TestScript, _ bool, args []string) {
	server := ts.Value(serverKey{}).(*ollamatest.Server)
	chat := ollamatest.Model{Name: ollamatest.ChatModel, Digest: "c0ffee01"}
	switch args[0] {
	case "healthy":
		server.Rewrite(ollamatest.Script{})
	case "questions":
		server.Rewrite(ollamatest.Script{Answer: writeQuestions})
	case "slow-questions":
		server.Rewrite(ollamatest.Script{Answer: writeQuestions, Delay: 300 * time.Millisecond})
	case "midway":
		server.Rewrite(ollamatest.Script{Fault: ollamatest.DieMidway})
	case "broken":
		server.Rewrite(ollamatest.Script{Fault: ollamatest.Broken})
	case "gone":
		server.Close()
	case "chat-only":
		server.Rewrite(ollamatest.Script{Models: []ollamatest.Model{chat}})
	case "bare":
		server.Rewrite(ollamatest.Script{Models: []ollamatest.Model{}})
	case "other-embedding":
		server.Rewrite(ollamatest.Script{Models: []ollamatest.Model{chat, {Name: "bge-m3:latest", Digest: "beef", Dimension: 32}}})
	default:
		ts.Fatalf("no such Ollama: %s", args[0])
	}
}

// writeQuestions plays a model that breaks the rules as often as it keeps them.
func writeQuestions(messages []ollamatest.Message) string {
	if strings.Contains(messages[len(messages)-1].Content, "stojaków") {
		return `{"questions":["za krótkie?","How long may I keep the bike at home before I bring it back?"]}`
	}
	return `{"questions":["Chcę pojeździć jednośladem z miasta, do kogo mam się z tym zgłosić?",` +
		`"ile czekam zanim mi powiedza czy dostane taki jednoslad od miasta",` +
		`"Co wynika z art. 2 tej ustawy dla mieszkańca, który chce pojeździć?","urwane w poło`
}

// countAsked: asked [!] PATH [N]: the server was asked at that path (exactly N times).
func countAsked(ts *testscript.TestScript, not bool, args []string) {
	requests := ts.Value(serverKey{}).(*ollamatest.Server).Requests(args[0])
	switch {
	case not && len(requests) > 0:
		ts.Fatalf("%s was asked %d times", args[0], len(requests))
	case !not && len(requests) == 0:
		ts.Fatalf("%s was not asked", args[0])
	}
	if len(args) > 1 {
		if want, err := strconv.Atoi(args[1]); err != nil || want != len(requests) {
			ts.Fatalf("%s was asked %d times, want %s", args[0], len(requests), args[1])
		}
	}
}

// checkJSON: json LINE PATH [WANT]: the value at the dotted path in that line of the
// last standard output (from 1; -1 is the last line). Without WANT it is only there.
func checkJSON(ts *testscript.TestScript, not bool, args []string) {
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	if n < 0 {
		n += len(lines) + 1
	}
	if n < 1 || n > len(lines) {
		ts.Fatalf("there is no line %s among %d", args[0], len(lines))
	}
	var value any
	ts.Check(json.Unmarshal([]byte(lines[n-1]), &value))
	for _, step := range strings.Split(args[1], ".") {
		value = member(ts, value, step)
	}
	got := fmt.Sprint(value)
	if value == nil {
		got = "null"
	}
	if len(args) < 3 {
		return
	}
	if (got == args[2]) == not {
		ts.Fatalf("%s is %q, want %q (not: %v)", args[1], got, args[2], not)
	}
}

func member(ts *testscript.TestScript, value any, step string) any {
	switch v := value.(type) {
	case map[string]any:
		inner, found := v[step]
		if !found {
			ts.Fatalf("there is no %q", step)
		}
		return inner
	case []any:
		if step == "len" {
			return len(v)
		}
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(v) {
			ts.Fatalf("there is no %s in a list of %d", step, len(v))
		}
		return v[i]
	}
	ts.Fatalf("there is nothing at %q", step)
	return nil
}

// checkCode: code N ARGS…: the exit code of referent with those arguments.
func checkCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("referent", args[1:]...)
	got := 0
	if err != nil {
		if _, scanned := fmt.Sscanf(err.Error(), "exit status %d", &got); scanned != nil {
			ts.Check(err)
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// setRepeated: repeat NAME TEXT N sets a variable to the text N times.
func setRepeated(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Setenv(args[0], strings.Repeat(args[1], n))
}

// waitReady: waitready waits until something listens at $ADDR.
func waitReady(ts *testscript.TestScript, _ bool, _ []string) {
	for range 200 {
		connection, err := net.DialTimeout("tcp", ts.Getenv("ADDR"), time.Second)
		if err == nil {
			ts.Check(connection.Close())
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("nothing listens at %s", ts.Getenv("ADDR"))
}

// waitFound: waitfound QUESTION TEXT waits until the serving process finds a passage with
// the text; waitgone until it does not.
func waitFound(want bool) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		body := fmt.Sprintf(`{"question":%q,"no_model":true}`, args[0])
		for range 300 {
			response, err := http.Post("http://"+ts.Getenv("ADDR")+"/api/v1/search", "application/json", strings.NewReader(body))
			ts.Check(err)
			content, err := io.ReadAll(response.Body)
			ts.Check(err)
			ts.Check(response.Body.Close())
			if strings.Contains(string(content), args[1]) == want {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		ts.Fatalf("%q is still not as wanted (found: %v)", args[1], want)
	}
}
