using System.Xml.Linq;

namespace Troupe.Architecture.Tests;

public sealed class PackageTests
{
    [Fact]
    public void Versions_StandInDirectoryPackagesPropsAlone() =>
        Offences.None(Repository.Projects.SelectMany(project => project.Versions.Select(version => $"{project.File}: {version}")));

    [Fact]
    public void LockFile_StandsBesideEveryProject() =>
        Offences.None(Repository.Projects.Select(project => $"{project.Folder}/packages.lock.json").Except(Repository.Files));

    [Fact]
    public void CentralVersions_AreExactAndNamedOnce()
    {
        var props = XDocument.Parse(Repository.Read("Directory.Packages.props"));
        var defaults = props.Descendants("PropertyGroup").Elements().ToLookup(static property => $"$({property.Name.LocalName})", static property => property.Value);
        var versions = props.Descendants("PackageVersion").ToList();
        Assert.All(versions, version => Assert.Matches(@"^\d+(\.\d+)+(-[\w.]+)?$", Resolve(version.Attribute("Version")!.Value)));
        Assert.Equal(versions.Count, versions.Select(version => version.Attribute("Include")!.Value).Distinct(StringComparer.OrdinalIgnoreCase).Count());

        string Resolve(string version) => version.StartsWith('$') ? Assert.Single(defaults[version]) : version;
    }

    [Fact]
    public void CentralVersions_AreAllUsed()
    {
        var used = Repository.Projects.SelectMany(project => project.Packages)
            .Concat(XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("PackageReference").Select(item => item.Attribute("Include")!.Value));
        var named = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(item => item.Attribute("Include")!.Value);
        Offences.None(named.Except(used, StringComparer.OrdinalIgnoreCase));
    }
}
