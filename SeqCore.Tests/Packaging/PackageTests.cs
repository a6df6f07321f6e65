using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SeqCore.Tests.Architecture;

namespace SeqCore.Tests.Packaging;

/// <summary>Looks into the packages that <c>dotnet pack -o FOLDER</c> made, where SEQCORE_PACKAGES names the folder.</summary>
public class PackageTests
{
    private const int Megabyte = 1 << 20;

    public static TheoryData<string> Names => [.. Repository.Libraries.Select(l => l.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_is_small_and_says_license_readme_and_version(string name)
    {
        var file = Find(name, ".nupkg");
        file.Length.Should().BeLessThan(Megabyte);
        using var package = ZipFile.OpenRead(file.FullName);
        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        Value(metadata, "id").Should().Be(name);
        Value(metadata, "license").Should().Be("MIT");
        metadata.Elements().Single(e => e.Name.LocalName == "license").Attribute("type")!.Value.Should().Be("expression");
        Value(metadata, "readme").Should().Be("README.md");
        Value(metadata, "description").Should().NotBeNullOrWhiteSpace().And.NotBe("Package Description");
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        var text = readme.ReadToEnd();
        text.Should().Contain("dotnet add package SeqCore.Models").And.Contain("Split('\\t')");
        Regex.Matches(text, @"\]\(([^)]+)\)").Select(m => m.Groups[1].Value)
            .Should().NotBeEmpty().And.OnlyContain(l => l.StartsWith("https://"), "a package site has no files beside the page");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_brings_the_library_with_its_documentation_and_nothing_native(string name)
    {
        using var package = ZipFile.OpenRead(Find(name, ".nupkg").FullName);
        package.Entries.Select(e => e.FullName).Where(e => e.StartsWith("lib/", StringComparison.Ordinal))
            .Should().BeEquivalentTo($"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml");
        package.Entries.Should().NotContain(e => e.FullName.StartsWith("runtimes/"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_documentation_is_that_of_the_public_and_protected_members(string name)
    {
        using var package = ZipFile.OpenRead(Find(name, ".nupkg").FullName);
        using var stream = package.GetEntry($"lib/net10.0/{name}.xml")!.Open();
        var packed = Members(XDocument.Load(stream));
        var assembly = Repository.Libraries.Single(l => l.Name == name).Assembly;
        var built = Members(XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")));
        var inherited = packed.Values.SelectMany(m => m.Descendants("inheritdoc")).Select(i => (string?)i.Attribute("cref"))
            .ToHashSet();
        var visible = assembly.GetExportedTypes().SelectMany(VisibleNames).ToHashSet();
        var expected = built.Keys.Where(m => visible.Contains(NameOf(m)) || inherited.Contains(m)).ToList();
        packed.Keys.Except(expected).Should().BeEmpty("a program does not see them");
        expected.Except(packed.Keys).Should().BeEmpty("a program sees them");
        foreach (var (member, text) in packed)
            text.ToString().Should().Be(built[member].ToString());
        packed.Count.Should().BeLessThan(built.Count);

        static Dictionary<string, XElement> Members(XDocument document) =>
            document.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);

        static string NameOf(string member) => member[2..].Split('(')[0].Split('~')[0].Split("``")[0];
    }

    /// <summary>The names of a type and its members that other assemblies see, as in documentation, without parameters.</summary>
    private static IEnumerable<string> VisibleNames(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        var name = type.FullName!.Replace('+', '.');
        var isBase = !type.IsSealed && type.GetConstructors(Declared).Any(c => IsVisible(c, isBase: true));
        return type.GetMembers(Declared).Where(m => m.Name != "Finalize" && IsVisible(m, isBase))
            .Select(m => $"{name}.{m.Name.Replace('.', '#')}").Prepend(name);

        static bool IsVisible(MemberInfo member, bool isBase) => member switch
        {
            MethodBase m => m.IsPublic || (isBase && (m.IsFamily || m.IsFamilyOrAssembly)),
            FieldInfo f => f.IsPublic || (isBase && (f.IsFamily || f.IsFamilyOrAssembly)),
            PropertyInfo p => p.GetAccessors(nonPublic: true).Any(a => IsVisible(a, isBase)),
            EventInfo e => IsVisible(e.AddMethod!, isBase),
            _ => false,
        };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Symbols_come_in_a_package_of_their_own(string name)
    {
        using var package = ZipFile.OpenRead(Find(name, ".snupkg").FullName);
        package.GetEntry($"lib/net10.0/{name}.pdb")!.Length.Should().BePositive();
    }

    [Fact]
    public void The_kernels_bring_exactly_one_version_of_ILGPU_and_the_targets_that_leave_it_out()
    {
        using var package = ZipFile.OpenRead(Find("SeqCore.Kernels", ".nupkg").FullName);
        using var stream = package.GetEntry("SeqCore.Kernels.nuspec")!.Open();
        XDocument.Load(stream).Descendants().Where(e => e.Name.LocalName == "dependency")
            .Select(e => $"{e.Attribute("id")!.Value} {e.Attribute("version")!.Value}")
            .Should().BeEquivalentTo("ILGPU [1.5.3]", "ILGPU.Algorithms [1.5.3]");
        package.GetEntry("buildTransitive/SeqCore.Kernels.targets").Should().NotBeNull();
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().Single(e => e.Name.LocalName == name).Value;

    private static FileInfo Find(string name, string extension)
    {
        var folder = Environment.GetEnvironmentVariable("SEQCORE_PACKAGES");
        Assert.SkipWhen(folder is null, "SEQCORE_PACKAGES is not set: there are no packages to look into.");
        return new DirectoryInfo(folder!).EnumerateFiles($"{name}.*{extension}")
            .Single(f => char.IsAsciiDigit(f.Name[name.Length + 1]));
    }
}
