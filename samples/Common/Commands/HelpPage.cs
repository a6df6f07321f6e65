using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SeqCore.Samples.Common;

/// <summary>The page of --help: what the command does, how it is called, examples, and its options in groups.</summary>
public static class HelpPage
{
    private static readonly ConditionalWeakTable<Command, Additions> added = [];

    /// <summary>Begins a group of options: those that are added to the command from now on.</summary>
    /// <param name="command">The command.</param>
    /// <param name="title">The title of the group, such as "Training".</param>
    public static void StartGroup(this Command command, string title) =>
        added.GetOrCreateValue(command).Groups.Add((command.Options.Count, title));

    /// <summary>Adds an example and returns the command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="what">What the example does, such as "Train on a text of your own".</param>
    /// <param name="arguments">The command line after the program's name.</param>
    public static T WithExample<T>(this T command, string what, string arguments) where T : Command
    {
        added.GetOrCreateValue(command).Examples.Add((what, arguments));
        return command;
    }

    /// <summary>Adds a description of what a file of the user's looks like, and returns the command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="what">What the file holds, such as "A series on each line".</param>
    /// <param name="lines">The first lines of such a file.</param>
    public static T WithFormat<T>(this T command, string what, params string[] lines) where T : Command
    {
        added.GetOrCreateValue(command).Formats.Add((what, lines));
        return command;
    }

    /// <summary>
    /// Makes these pages the help of a program and of all its commands; a program that does nothing without a command shows its
    /// page.
    /// </summary>
    /// <param name="root">The program.</param>
    /// <param name="width">The largest number of characters in a line.</param>
    internal static void Use(RootCommand root, int width)
    {
        var help = new ShowPage(width);
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.Action ??= help;
    }

    private sealed class ShowPage(int width) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var page = new PageWriter(parseResult.InvocationConfiguration.Output, width);
            Write(page, parseResult.CommandResult.Command, parseResult.RootCommandResult.Command);
            return ExitCode.Done;
        }
    }

    private static void Write(PageWriter page, Command command, Command root)
    {
        page.Text(command.Description ?? "", "");
        var path = Path(command, root).Concat(command.Arguments.Select(a => $"[{a.Name}]"))
            .Concat(command.Subcommands.Count > 0 ? ["[command]"] : []).Append("[options]");
        page.Title("Usage");
        page.Text(string.Join(' ', path.Prepend($"dotnet run -c Release --project samples/{NameOf(root)} --")), "  ");
        page.Rows("Arguments", command.Arguments.Select(a => (a.Name, a.Description ?? "")));
        page.Rows("Commands", command.Subcommands.Select(c => (c.Name, c.Description ?? "")));
        var additions = added.TryGetValue(command, out var found) ? found : new Additions();
        if (additions.Examples.Count > 0)
            page.Title("Examples");
        foreach (var (what, arguments) in additions.Examples)
        {
            page.Text($"{what}:", "  ");
            page.Text($"... -- {arguments}", "    ");
        }

        if (additions.Formats.Count > 0)
            page.Title("Files");
        foreach (var (what, lines) in additions.Formats)
        {
            page.Text($"{what}:", "  ");
            foreach (var line in lines)
                page.Text(line, "    ");
        }

        var starts = additions.Groups.Select(g => g.Start).Append(command.Options.Count).ToArray();
        page.Rows("Options", command.Options.Take(starts[0]).Where(o => !IsCommon(o)).Select(Row));
        for (var i = 0; i < additions.Groups.Count; i++)
            page.Rows(additions.Groups[i].Title, command.Options.Take(starts[i]..starts[i + 1]).Select(Row));
        page.Rows("Help", root.Options.Where(o => IsCommon(o) && (o.Recursive || command == root)).Select(Row));
    }

    private static IEnumerable<string> Path(Command command, Command root) =>
        command == root ? [] : Path(command.Parents.OfType<Command>().First(), root).Append(command.Name);

    private static bool IsCommon(Option option) => option is HelpOption or VersionOption;

    private static string NameOf(Command root) => root.Name[(root.Name.LastIndexOf('.') + 1)..];

    private static (string Name, string Text) Row(Option option)
    {
        var name = option.ValueType == typeof(bool) ? option.Name : $"{option.Name} {option.HelpName}";
        var text = option.Description ?? "";
        return option.HasDefaultValue && option.ValueType != typeof(bool) && !text.Contains("[default:", StringComparison.Ordinal)
            ? (name, $"{text} [default: {Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture)}]")
            : (name, text);
    }

    private sealed class Additions
    {
        public List<(int Start, string Title)> Groups { get; } = [];

        public List<(string What, string Arguments)> Examples { get; } = [];

        public List<(string What, string[] Lines)> Formats { get; } = [];
    }

    private sealed class PageWriter(TextWriter output, int width)
    {
        private const int NameWidth = 26;
        private const int LeastForColumns = 72;

        internal void Title(string text)
        {
            output.WriteLine();
            output.WriteLine($"{text}:");
        }

        internal void Text(string text, string indent)
        {
            foreach (var line in Show.Lines(text, width - indent.Length))
                output.WriteLine(indent + line);
        }

        /// <summary>
        /// Names and what they mean, in two columns; in a narrow window, and beside a long name, the text is below the name.
        /// </summary>
        internal void Rows(string title, IEnumerable<(string Name, string Text)> rows)
        {
            var all = rows.ToArray();
            if (all.Length == 0)
                return;
            Title(title);
            foreach (var (name, text) in all)
            {
                var indent = new string(' ', width < LeastForColumns ? 6 : NameWidth + 2);
                var isBeside = width >= LeastForColumns && name.Length < NameWidth - 1;
                if (!isBeside)
                    output.WriteLine($"  {name}");
                var lines = Show.Lines(text, width - indent.Length);
                for (var i = 0; i < lines.Count; i++)
                    output.WriteLine((i == 0 && isBeside ? $"  {name}".PadRight(indent.Length) : indent) + lines[i]);
            }
        }
    }
}
