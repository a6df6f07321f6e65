using System.Xml.Linq;
using SeqCore.Tests.Architecture;

namespace SeqCore.Tests.Documentation;

public class ExamplesTests
{
    private const string Begin = "// Example: ", End = "// End";

    /// <summary>Those that read or write files or ask for a device are only compiled.</summary>
    private static readonly string[] OnlyCompiled =
    [
        nameof(Examples.DefaultDeviceExample), nameof(Examples.ModelExample), nameof(Examples.ModuleExample),
        nameof(Examples.SafetensorsFileExample), nameof(Examples.ConllFileExample), nameof(Examples.TextLinesExample),
        nameof(Examples.DelimitedFileExample), nameof(Examples.ParquetFileExample),
        nameof(Examples.TimeSeriesFileExample), nameof(Examples.LabelledSeriesFileExample),
    ];

    private static readonly IReadOnlyDictionary<string, string[]> Sources = ReadSources();

    public static TheoryData<string> Runnable =>
        [.. typeof(Examples).GetMethods().Where(m => m.DeclaringType == typeof(Examples)).Select(m => m.Name)
            .Except(OnlyCompiled)];

    [Fact]
    public void Every_example_of_the_documentation_is_one_that_the_tests_compile()
    {
        var documented = Repository.Libraries
            .SelectMany(l => XDocument.Load(Path.ChangeExtension(l.Assembly.Location, ".xml")).Descendants("member"))
            .SelectMany(m => m.Descendants("example").Select(e => (Name: Owner(m), Lines: Unindented(e.Value)))).ToList();
        documented.Select(e => e.Name).Distinct().Should().BeEquivalentTo(Sources.Keys);
        foreach (var (name, lines) in documented)
            lines.Should().Equal(Sources[name], name);

        // The comments of a class with a primary constructor are those of the constructor too.
        static string Owner(XElement member)
        {
            var name = member.Attribute("name")!.Value;
            return name.Split(".#ctor(") is [var type, _] ? $"T:{type[2..]}" : name;
        }
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public void An_example_prints_what_its_comments_say(string method)
    {
        // The name of a generic type ends with ` and the number of its parameters.
        var name = Sources.Keys.Single(n =>
            n.Split('`')[0].EndsWith($".{method[..^"Example".Length]}", StringComparison.Ordinal));
        var expected = Sources[name].Where(l => l.StartsWith("Console.WriteLine(", StringComparison.Ordinal))
            .Select(l => l[(l.LastIndexOf("; ", StringComparison.Ordinal) + 1)..].TrimStart(' ', '/'));
        Examples.Run(method).Should().Equal(expected);
    }

    /// <summary>
    /// The marked lines of the examples, by the name of the type or member; parts of one name are joined. The tests see internal
    /// members, so they override those that are protected and internal as such, where a program says protected.
    /// </summary>
    private static Dictionary<string, string[]> ReadSources()
    {
        var sources = new Dictionary<string, string[]>();
        foreach (var file in Repository.Sources("SeqCore.Tests/Documentation").Where(f => f.Contains("/Examples.")))
        {
            var parts = Repository.Read(file).Split(Begin)[1..];
            foreach (var part in parts)
            {
                var lines = part[..part.IndexOf(End, StringComparison.Ordinal)].Split('\n');
                var text = Unindented(string.Join('\n', lines[1..]).Replace("protected internal override", "protected override"));
                sources[lines[0]] = sources.TryGetValue(lines[0], out var earlier) ? [.. earlier, "", .. text] : text;
            }
        }

        return sources;
    }

    /// <summary>The lines without the blank ones at both ends and without the indentation that all of them share.</summary>
    private static string[] Unindented(string text)
    {
        var lines = text.Split('\n').Select(l => l.TrimEnd())
            .SkipWhile(l => l.Length == 0).Reverse().SkipWhile(l => l.Length == 0).Reverse().ToArray();
        var shared = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return [.. lines.Select(l => l.Length == 0 ? l : l[shared..])];
    }
}
