using System.Text.RegularExpressions;

namespace SeqCore.Tests.Architecture;

/// <summary>The names that docs/from-pytorch.md gives for SeqCore are public.</summary>
public partial class FromPyTorchTests
{
    private static readonly string Api = string.Join('\n', Repository.Libraries.SelectMany(l =>
        new[] { Repository.Read($"{Repository.FolderOf(l.Name)}/PublicAPI.Shipped.txt"),
            Repository.Read($"{Repository.FolderOf(l.Name)}/PublicAPI.Unshipped.txt") }));

    private static readonly HashSet<string> Words = [.. Word().Matches(Api).Select(m => m.Value)];

    public static TheoryData<string> Cells =>
    [
        .. Row().Matches(Repository.Read("docs/from-pytorch.md")).Select(m => m.Groups["cell"].Value)
            .Where(c => c != "SeqCore" && !c.StartsWith("---", StringComparison.Ordinal)).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Names_in_the_last_column_are_public(string cell)
    {
        foreach (var code in Code().Matches(cell).Select(m => Literal().Replace(m.Groups[1].Value, "")))
        {
            Member().Matches(code).Where(m => !IsMember(m.Groups["type"].Value, m.Groups["name"].Value)).Should().BeEmpty();
            Made().Matches(code).Where(m => !IsMember(m.Groups["type"].Value, m.Groups["type"].Value)).Should().BeEmpty();
            Word().Matches(code).Select(m => m.Value).Where(w => char.IsUpper(w[0]) && w.Length > 1 && !Words.Contains(w))
                .Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("Tensor", "Zeros", true)]
    [InlineData("Tensor", "Zero", false)]
    [InlineData("Lstm", "Lstm", true)]
    [InlineData("Lstm", "Zeros", false)]
    public void The_check_tells_members_apart(string type, string name, bool isMember) =>
        IsMember(type, name).Should().Be(isMember);

    /// <summary>Whether a public type has a member of its own.</summary>
    private static bool IsMember(string type, string name) =>
        Regex.IsMatch(Api, $@"(^|[ .]){type}(<\w+>)?\.{name}[(<. ]", RegexOptions.Multiline);

    [GeneratedRegex(@"^\|[^|\n]+\|[^|\n]+\| (?<cell>[^|\n]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b(?<type>[A-Z]\w+)\.(?<name>[A-Z]\w+)")]
    private static partial Regex Member();

    [GeneratedRegex(@"\bnew (?<type>[A-Z]\w+)\(")]
    private static partial Regex Made();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
