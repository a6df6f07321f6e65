using System.Globalization;
using System.Text.Json;
using SeqCore.Samples.DetectAnomalies;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Samples.DetectAnomalies;

/// <summary>A folder, files of series in it, and runs of the program.</summary>
public abstract class DetectAnomaliesFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal string File(string name) => folder.File(name);

    /// <summary>Waves of one minute steps; the level is out at 500 and at 550, for ten minutes.</summary>
    internal static IEnumerable<string> Rows(int count, TimeSpan? step = null)
    {
        yield return "time,level,fault";
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            var isOut = i is (>= 500 and < 510) or (>= 550 and < 560);
            var level = Math.Sin(i * 0.2) + (0.1 * random.NextDouble()) + (isOut ? i < 510 ? 5 : 40 : 0);
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{new DateTime(2024, 1, 1).Add((step ?? TimeSpan.FromMinutes(1)) * i):yyyy-MM-dd HH:mm},"
                + $"{level:0.0000},{(isOut ? 1 : 0)}");
        }
    }

    internal string Write(string name, IEnumerable<string> lines)
    {
        System.IO.File.WriteAllLines(File(name), lines);
        return File(name);
    }

    internal static ProgramRun Run(string arguments) => Follow("", arguments);

    internal static ProgramRun Follow(string input, string arguments) => ProgramRun.Of(Program.Create,
        arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), input: input);

    internal static List<JsonElement> Json(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    /// <summary>Runs the program, which should end with a line of error, after some other ones.</summary>
    internal static void Expect(string arguments, int code, string message, int before = 0)
    {
        var run = Run(arguments);
        run = run with { Error = string.Join('\n', run.Error.Split('\n').Skip(before)) };
        run.Error.Should().Contain(message);
        run.Code.Should().Be(code);
        run.ShouldBeOneLineOfError();
    }
}
