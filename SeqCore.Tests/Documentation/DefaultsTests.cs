using System.Xml.Linq;
using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

/// <summary>The documentation that a package brings has no signatures, so it says what an omitted argument is.</summary>
public sealed class DefaultsTests
{
    [Fact]
    public void Constructors_of_layers_optimizers_and_schedules_say_the_defaults_of_their_numbers()
    {
        var assembly = typeof(Trainer).Assembly;
        var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .ToLookup(m => m.Attribute("name")!.Value.Split('(')[0]);
        var optional = from type in assembly.GetExportedTypes()
                       from constructor in type.GetConstructors()
                       from parameter in constructor.GetParameters()
                       where parameter.HasDefaultValue && (parameter.ParameterType.IsPrimitive || parameter.ParameterType.IsEnum)
                       select (Type: type, parameter.Name);
        var silent = optional.Distinct().Where(p => !Texts($"M:{p.Type.FullName}.#ctor", p.Name!)
            .All(t => t.Contains("default", StringComparison.Ordinal))).ToList();
        silent.Should().BeEmpty();
        optional.Count().Should().BeGreaterThan(90);

        IEnumerable<string> Texts(string member, string parameter) =>
            documented[member].SelectMany(m => m.Elements("param")).Where(p => p.Attribute("name")!.Value == parameter)
                .Select(p => p.Value).DefaultIfEmpty("");
    }
}
