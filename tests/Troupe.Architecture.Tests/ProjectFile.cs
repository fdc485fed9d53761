using System.Xml.Linq;

namespace Troupe.Architecture.Tests;

/// <summary>What a project file says of its dependencies.</summary>
internal sealed record ProjectFile(
    string File, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Frameworks, IReadOnlyList<string> Versions)
{
    public string Name => Path.GetFileNameWithoutExtension(File);

    public string Folder => Path.GetDirectoryName(File)!.Replace('\\', '/');

    public bool IsSource => File.StartsWith("src/", StringComparison.Ordinal);

    public static ProjectFile Load(string file)
    {
        var items = XDocument.Load(Path.Combine(Repository.Root, file)).Descendants().ToList();
        return new ProjectFile(
            file,
            [.. Named("ProjectReference").Where(IsLinked).Select(NameOf)],
            [.. Includes("PackageReference")],
            [.. Includes("FrameworkReference")],
            [.. Named("PackageReference").Where(SetsVersion).Select(item => item.ToString()), .. Named("PackageVersion").Select(item => item.ToString())]);

        IEnumerable<XElement> Named(string name) => items.Where(item => item.Name.LocalName == name);

        IEnumerable<string> Includes(string name) => Named(name).Select(item => item.Attribute("Include")?.Value).OfType<string>();
    }

    /// <summary>A project that is only built first is no dependency of the code.</summary>
    private static bool IsLinked(XElement reference) => reference.Attribute("ReferenceOutputAssembly")?.Value != "false";

    private static string NameOf(XElement reference) =>
        Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));

    private static bool SetsVersion(XElement reference) =>
        reference.Attributes().Select(attribute => attribute.Name.LocalName)
            .Concat(reference.Elements().Select(element => element.Name.LocalName))
            .Any(name => name is "Version" or "VersionOverride");
}
