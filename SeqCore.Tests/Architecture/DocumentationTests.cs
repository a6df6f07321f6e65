using System.Reflection;
using System.Xml.Linq;

namespace SeqCore.Tests.Architecture;

public class DocumentationTests
{
    public static TheoryData<string> LibraryNames => LayeringTests.LibraryNames;

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Every_public_type_and_method_is_documented(string name)
    {
        var assembly = Repository.Libraries.Single(l => l.Name == name).Assembly;
        var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(m => m.Elements("inheritdoc").Any() || !string.IsNullOrWhiteSpace(m.Element("summary")?.Value)
                || m.Element("summary")?.HasElements == true)
            .Select(m => m.Attribute("name")!.Value.Split('(')[0].Split('~')[0]).ToHashSet();
        var missing = assembly.GetExportedTypes().SelectMany(Names).Where(n => !documented.Contains(n));
        missing.Should().BeEmpty();
    }

    private static IEnumerable<string> Names(Type type)
    {
        var name = type.FullName!.Replace('+', '.');
        yield return $"T:{name}";
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(Declared))
        {
            var generated = method.IsSpecialName
                || method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))
                || type.BaseType == typeof(MulticastDelegate)
                || method.Name is "Deconstruct" or "ToString" or "Equals" or "GetHashCode";
            if (!generated)
            {
                yield return $"M:{name}.{method.Name}"
                    + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "");
            }
        }
    }

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void A_library_does_not_silence_missing_documentation(string name)
    {
        Repository.ReadProject(name).Should().NotContain("1591");
        Repository.Sources(Repository.FolderOf(name)).Where(f => Repository.Read(f).Contains("CS1591")).Should().BeEmpty();
    }
}
