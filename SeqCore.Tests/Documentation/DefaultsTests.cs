using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SeqCore.Models;
using SeqCore.Tests.Architecture;

namespace SeqCore.Tests.Documentation;

/// <summary>
/// The documentation that a package brings has no signatures, so it says what an omitted argument or option is.
/// </summary>
public sealed partial class DefaultsTests
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

    [Fact]
    public void Options_say_the_defaults_of_their_numbers_flags_and_enums()
    {
        var summaries = Repository.Libraries
            .SelectMany(l => XDocument.Load(Path.ChangeExtension(l.Assembly.Location, ".xml")).Descendants("member"))
            .ToLookup(m => m.Attribute("name")!.Value, m => string.Concat(m.Element("summary")?.Nodes() ?? []));
        var defaults = (from type in Repository.Libraries.SelectMany(l => l.Assembly.GetExportedTypes())
                        where type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsAbstract && !type.IsEnum
                        let options = New(type)
                        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                        where property.SetMethod is { IsPublic: true } && IsSimple(property.PropertyType)
                        let value = property.GetValue(options)
                        where value is not null && !IsDefault(value, property.PropertyType)
                        let summary = string.Concat(summaries[$"P:{property.DeclaringType!.FullName}.{property.Name}"])
                        select (Name: $"{type.Name}.{property.Name}", Value: value, Summary: summary)).ToList();
        var silent = defaults.Where(d => !Says(d.Summary, d.Value)).Select(d => $"{d.Name} is {d.Value}: {d.Summary}");
        string.Join('\n', silent).Should().BeEmpty();
        defaults.Count.Should().BeGreaterThan(90);
    }

    [Theory]
    [InlineData("The size, at least 1; 1 by default.", 1, true)]
    [InlineData("The size, at least 1.", 1, false)]
    [InlineData("The size, at least 1; 2 by default.", 1, false)]
    [InlineData("The column; -1, the default, is the last.", -1, true)]
    [InlineData("The column; 1, the default, is the first.", -1, false)]
    [InlineData("The base; 10,000 by default.", 10000.0, true)]
    [InlineData("The distance, 1/32 by default; it is a power of two.", 1.0 / 32, true)]
    [InlineData("Above 0; 1e-5 by default.", 1e-5f, true)]
    [InlineData("Whether there are biases; true by default.", true, true)]
    [InlineData("Whether there are biases, which is true of most.", true, false)]
    [InlineData("<see cref=\"F:SeqCore.Models.NormKind.RmsNorm\" /> by default.", NormKind.RmsNorm, true)]
    [InlineData("<see cref=\"F:SeqCore.Models.NormKind.LayerNorm\" /> by default.", NormKind.RmsNorm, false)]
    public void A_summary_says_a_default_in_the_clause_with_that_word(string summary, object value, bool says) =>
        Says(summary, value).Should().Be(says);

    private static bool Says(string summary, object value)
    {
        var clauses = string.Join(' ', Regex.Split(summary, @"[;.]\s")
            .Where(c => c.Contains("default", StringComparison.OrdinalIgnoreCase)));
        if (value is bool or Enum)
            return Regex.IsMatch(clauses, $@"\b{value}\b", RegexOptions.IgnoreCase);
        var number = Convert.ToSingle(value, CultureInfo.InvariantCulture);
        return Numbers().Matches(clauses).Any(m =>
            Parse(m.Groups[1].Value) / (m.Groups[2].Success ? Parse(m.Groups[2].Value) : 1) == number);

        static float Parse(string text) => float.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture);
    }

    /// <summary>Makes options as <c>new()</c> does; <c>required</c> members keep the zeros that a caller replaces.</summary>
    private static object New(Type type) => type.GetConstructors()
        .FirstOrDefault(c => c.GetParameters().All(p => p.HasDefaultValue)) is { } constructor && !type.IsValueType
        ? constructor.Invoke([.. constructor.GetParameters().Select(p => p.DefaultValue)])
        : Activator.CreateInstance(type)!;

    private static bool IsSimple(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain && plain != typeof(char) && (plain.IsPrimitive || plain.IsEnum);

    /// <summary>Whether a value is that of <c>default(T)</c>, which for a nullable type is null only.</summary>
    private static bool IsDefault(object value, Type type) =>
        Nullable.GetUnderlyingType(type) is null && value.Equals(Activator.CreateInstance(type));

    /// <summary>A number such as -1, 0.5, 10,000 or 1e-5, or a fraction such as 1/32, but not the 1 of Conv1d.</summary>
    [GeneratedRegex(@"(?<![\w.])(-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?)(?:/(\d+))?")]
    private static partial Regex Numbers();
}
