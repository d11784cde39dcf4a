package ocr

import (
	"context"
	"strings"
)

// installers are the package managers that are looked for, with their names of Debian's
// packages where they differ.
var installers = []struct {
	program, command string
	names            map[string]string
}{
	{"apt-get", "sudo apt-get install", nil},
	{"dnf", "sudo dnf install", map[string]string{packageTesseract: "tesseract", packagePolish: "tesseract-langpack-pol"}},
	{"pacman", "sudo pacman -S", map[string]string{packageTesseract: "tesseract", packagePolish: "tesseract-data-pol", packagePoppler: "poppler"}},
	{"zypper", "sudo zypper install", map[string]string{packagePolish: "tesseract-ocr-traineddata-polish", packagePoppler: "poppler-tools"}},
	{"apk", "sudo apk add", map[string]string{packagePolish: "tesseract-ocr-data-pol"}},
}

// Wanting gives the command that installs what is missing, "" when nothing is.
func Wanting(ctx context.Context) string {
	_, missing := Find(ctx)
	return InstallCommand(missing)
}

// InstallCommand writes the command that installs what Find misses, in the words of this
// machine's package manager; of Debian's where none is known.
func InstallCommand(missing []string) string {
	if len(missing) == 0 {
		return ""
	}
	for _, i := range installers {
		if look(i.program) != "" {
			return i.command + " " + named(missing, i.names)
		}
	}
	return installers[0].command + " " + named(missing, nil)
}

func named(packages []string, names map[string]string) string {
	list := make([]string, len(packages))
	for i, name := range packages {
		list[i] = name
		if own := names[name]; own != "" {
			list[i] = own
		}
	}
	return strings.Join(list, " ")
}
