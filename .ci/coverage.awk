# Merges Cobertura reports: a line is covered where any report hit it. Prints a table by project and fails below the minimum.
# Variables: root (the repository, with a slash at its end), minimum (percent), projects (those that must be in the reports, by spaces).
function attribute(name,    parts) { return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }
function row(name, hits, all) { return sprintf("%-24s %6d of %6d lines  %6.2f %%", name, hits, all, all ? 100 * hits / all : 100) }

FNR == 1 { delete sources; count = 0; project = "" }
/<source>/ { path = $0; gsub(/^.*<source>|<\/source>.*$/, "", path); sources[++count] = path }
/<class / {
    file = attribute("filename")
    for (i = 1; file !~ /^\// && i <= count; i++) {
        candidate = sources[i] (sources[i] ~ /\/$/ ? "" : "/") file
        if ((getline probe < candidate) >= 0) { close(candidate); file = candidate }
    }
    project = ""
    if (index(file, root "src/") == 1) {
        file = substr(file, length(root) + 1)
        split(file, parts, "/")
        project = parts[2]
    }
}
/<line / && project != "" {
    key = file ":" attribute("number")
    if (!(key in seen)) { seen[key] = project; lines[project]++; total++ }
    if (attribute("hits") > 0 && !(key in hit)) { hit[key] = 1; covered[project]++; reached++ }
}
END {
    for (name in lines) print row(name, covered[name], lines[name]) | "sort"
    close("sort")
    print row("all", reached, total)
    for (i = split(projects, names, " "); i > 0; i--) if (!(names[i] in lines)) { printf "== No report measures %s\n", names[i]; absent = 1 }
    if (absent) exit 1
    if (!total || 100 * reached < minimum * total) { printf "== Coverage is below %d %%\n", minimum; exit 1 }
}
