using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence;
using SeqCore.Samples.Summarize;

namespace SeqCore.Tests.Tensors.Files;

/// <summary>
/// Paths that lead to no file of the kind, or to none at all: each reader ends with a documented exception and names it.
/// </summary>
public sealed class BadPathTests : IDisposable
{
    private static readonly Dictionary<string, (Type[] Errors, Action<string> Read)> readers = new()
    {
        ["safetensors"] = ([typeof(IOException), typeof(UnauthorizedAccessException)], p => SafetensorsFile.Open(p).Dispose()),
        ["npy"] = ([typeof(IOException), typeof(UnauthorizedAccessException)], p => NpyFile.Read(p).Dispose()),
        ["npy of indices"] = ([typeof(IOException), typeof(UnauthorizedAccessException)], p => NpyFile.ReadIndices(p).Dispose()),
        ["npz"] = ([typeof(IOException), typeof(UnauthorizedAccessException)], p => NpzFile.Open(p).Dispose()),
        ["text"] = ([typeof(DataSourceException)], p => TextFile.Read(p)),
        ["corpus"] = ([typeof(DataSourceException)], p => TextCorpus.Load(p)),
        ["pairs"] = ([typeof(DataSourceException)], p => PairFile.ReadTabSeparated(p)),
        ["table"] = ([typeof(DataSourceException)], p => DelimitedFile.Read(p).Count()),
        ["series"] = ([typeof(DataSourceException)], p => TimeSeriesFile.Read(p)),
        ["labelled series"] = ([typeof(DataSourceException)], p => LabelledSeriesFile.ReadLines(p).Count()),
        ["table of labelled series"] = ([typeof(DataSourceException)], p => LabelledSeriesFile.ReadTable(p).Count()),
        ["summaries"] = ([typeof(DataSourceException)], p => SummaryFile.Read(p, new("text", "summary", null)).ToArray()),
        ["tokenizer"] = ([typeof(DataSourceException)], p => Tokenizer.Load(p)),
        ["word pieces"] = ([typeof(DataSourceException)], p => WordPieceTokenizer.ReadVocabulary(p, true)),
        ["GPT-2's files"] = ([typeof(DataSourceException)], p => BytePairTokenizer.ReadGpt2(p, p)),
        ["tokenizer of Hugging Face"] = ([typeof(DataSourceException)], p => HuggingFaceTokenizer.Read(p)),
        ["checkpoint"] = ([typeof(CheckpointException)], p => CheckpointFolder.Read(p).Dispose()),
        ["model"] = ([typeof(CheckpointException)], p => LanguageModel.Load(p).Dispose()),
        ["metrics"] = ([typeof(IOException), typeof(UnauthorizedAccessException), typeof(UserException)], p => LossCurve.Read(p)),
    };

    private readonly Models.TemporaryFolder folder = new();

    public static TheoryData<string> Readers => [.. readers.Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_path_that_leads_to_no_such_file_is_named(string reader)
    {
        var (errors, read) = readers[reader];
        foreach (var path in Paths())
        {
            var reading = Task.Run(() => read(path), TestContext.Current.CancellationToken);
            var error = await Record.ExceptionAsync(() => reading.WaitAsync(TimeSpan.FromSeconds(60)));
            if (error is null)
            {
                // An empty text or list of metrics is one, and so is a text of the system's.
                reader.Should().BeOneOf("text", "pairs", "summaries", "metrics", "corpus");
                continue;
            }

            errors.Any(e => e.IsInstanceOfType(error)).Should().BeTrue($"{reader} of {path} ended with {error}");
            error.Message.Should().Contain(path);
        }
    }

    private IEnumerable<string> Paths()
    {
        folder.Write("empty", []);
        Directory.CreateDirectory(folder.File("folder"));
        File.CreateSymbolicLink(folder.File("broken"), "nothing");
        File.CreateSymbolicLink(folder.File("circle"), "circle");
        List<string> paths = [.. new[] { "missing", "missing/file", "folder", "empty", "empty/file", "broken", "circle" }
            .Select(folder.File), folder.File(new string('n', 300))];
        if (!OperatingSystem.IsLinux())
            return paths;
        using var made = Process.Start("mkfifo", folder.File("pipe"));
        made.WaitForExit();
        return [.. paths, folder.File("pipe"), "/proc/self/mem", "/proc/version", "/dev/zero", "/dev/null"];
    }
}
