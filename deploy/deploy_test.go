package deploy

import (
	"bytes"
	"context"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func composition(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"../compose.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func TestContainersHaveNoPrivileges(t *testing.T) {
	project := composition(t)
	if len(project.Services) != 3 {
		t.Fatalf("%d services", len(project.Services))
	}
	for name, service := range project.Services {
		if !service.ReadOnly || service.Privileged || len(service.CapAdd) > 0 ||
			!slices.Equal(service.CapDrop, []string{"ALL"}) || !slices.Contains(service.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may do more than it needs: %+v", name, service)
		}
		if len(service.Tmpfs) == 0 {
			t.Errorf("%s has a read-only root and nowhere to write temporary files", name)
		}
		if service.NetworkMode == "host" || service.Pid == "host" {
			t.Errorf("%s shares the host's network or processes", name)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes port %s on %q", name, port.Published, port.HostIP)
			}
		}
		for _, volume := range service.Volumes {
			if _, named := project.Volumes[volume.Source]; volume.Type != types.VolumeTypeVolume || !named {
				t.Errorf("%s mounts %s, which is no named volume", name, volume.Source)
			}
		}
	}
}

func TestReferentAndOllamaWorkTogether(t *testing.T) {
	project := composition(t)
	referent, ollama := project.Services["referent"], project.Services["ollama"]
	for _, service := range []types.ServiceConfig{referent, ollama} {
		if service.HealthCheck == nil || len(service.HealthCheck.Test) < 2 {
			t.Errorf("%s has no health check", service.Name)
		}
		if len(service.Volumes) != 1 {
			t.Errorf("%s keeps nothing", service.Name)
		}
	}
	if referent.DependsOn["ollama"].Condition != types.ServiceConditionHealthy {
		t.Error("Referent does not wait for Ollama")
	}
	if host := referent.Environment["OLLAMA_HOST"]; host == nil || *host != "http://ollama:11434" {
		t.Errorf("Referent looks for Ollama at %v", host)
	}
	if off := ollama.Environment["OLLAMA_NO_CLOUD"]; off == nil || *off != "1" {
		t.Error("Ollama may use its cloud")
	}
	if len(ollama.Ports) != 0 {
		t.Error("Ollama has no password: it must not be published")
	}
	// Wider than the loopback, so that Referent demands the token of the printed link.
	if !strings.Contains(strings.Join(referent.Command, " "), "--addr 0.0.0.0:8080") {
		t.Errorf("Referent is started with %q", referent.Command)
	}
}

func TestUnitsAreAcceptedBySystemd(t *testing.T) {
	for _, name := range []string{"referent.service", "referent-ollama.service"} {
		text, err := fs.ReadFile(Files(), "systemd/"+name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "StateDirectory="} {
			if !bytes.Contains(text, []byte(line)) {
				t.Errorf("%s lacks %s", name, line)
			}
		}
	}
	text, err := fs.ReadFile(Files(), "systemd/referent-ollama.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"OLLAMA_HOST=127.0.0.1:", "OLLAMA_NO_CLOUD=1", "IPAddressDeny=any"} {
		if !bytes.Contains(text, []byte(line)) {
			t.Errorf("Ollama's unit lacks %s", line)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here")
	}
	for _, name := range []string{"referent.service", "referent-ollama.service"} {
		// The programs are not installed here, so only what else it says counts.
		output, err := exec.Command(analyze, "verify", "--man=no", filepath.Join("bundle/systemd", name)).CombinedOutput()
		for line := range strings.Lines(string(output)) {
			if strings.Contains(line, name) && !strings.Contains(line, "is not executable") {
				t.Errorf("%s (%v)", strings.TrimSpace(line), err)
			}
		}
	}
}

func TestScriptsAreShell(t *testing.T) {
	scripts, err := filepath.Glob("bundle/*.sh")
	if err != nil || len(scripts) != 3 {
		t.Fatalf("scripts %v, %v", scripts, err)
	}
	for _, script := range scripts {
		if output, err := exec.Command("sh", "-n", script).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", script, err, output)
		}
	}
}

func TestInstructions(t *testing.T) {
	text, err := fs.ReadFile(Files(), "README.html")
	if err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if lang, _ := page.Find("html").Attr("lang"); lang != "pl" {
		t.Errorf("language %q", lang)
	}
	if page.Find("script, link, img, iframe").Length() != 0 {
		t.Error("the page loads something: there is no network where it is read")
	}
	for _, subject := range []string{"rozpakuj", "Zainstaluj", "Kopia zapasowa", "Aktualizacja", "Odinstalowanie"} {
		if page.Find("h2:contains('"+subject+"')").Length() == 0 {
			t.Errorf("no section on %q", subject)
		}
	}
	for _, file := range []string{"install.sh", "start.sh", "uninstall.sh", "SHA256SUMS"} {
		if !strings.Contains(page.Text(), file) {
			t.Errorf("%s is not explained", file)
		}
	}
}
