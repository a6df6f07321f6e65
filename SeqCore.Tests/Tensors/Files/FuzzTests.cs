using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence;
using SeqCore.Samples.Summarize;
using SeqCore.Tests.Models.Tokenizers;

namespace SeqCore.Tests.Tensors.Files;

/// <summary>
/// Whatever becomes of a file, it is read or refused by a documented exception, and reading takes memory that its size bounds.
/// <c>.ci/fuzz</c> runs the same with more mutations.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly CultureInfo invariant = CultureInfo.InvariantCulture;
    private static readonly Type[] tensorErrors = [typeof(TensorFileException)];
    private static readonly Type[] textErrors = [typeof(DataSourceException)];

    /// <summary>
    /// For each reader its files, its errors and the memory that it may take: a number of bytes for each byte of the file, and a
    /// number of bytes beside that.
    /// </summary>
    private static readonly Dictionary<string, Reader> readers = new()
    {
        // Each byte of the header may become a text, an entry of a table and a tensor; each element at most one float32.
        ["safetensors"] = new(64, 2_000_000, tensorErrors, () => [Safetensors(false), Safetensors(true)], ReadSafetensors),
        ["npy"] = new(16, 1_500_000, tensorErrors, () => [.. NpyGoldens().Select(Convert.FromBase64String)], (b, to) =>
            NpyFile.Read(new MemoryStream(b), "it", convert: true, to).Dispose()),
        ["npy of indices"] = new(16, 1_500_000, tensorErrors,
            () => [.. new[] { TensorFileGoldens.Int32ColumnMajor, TensorFileGoldens.UInt8 }.Select(Convert.FromBase64String)],
            (b, to) => NpyFile.ReadIndices(new MemoryStream(b), "it", to).Dispose()),

        // Deflate packs 1032 bytes into one, and each of them may be an element of four bytes.
        ["npz"] = new(4 * 1032, 4_000_000, tensorErrors,
            () => [.. new[] { TensorFileGoldens.Stored, TensorFileGoldens.Deflated }.Select(Convert.FromBase64String)], ReadNpz),
        ["text"] = new(16, 1_000_000, textErrors,
            () => ["To be, or not to be"u8.ToArray(), Encoding.UTF8.GetBytes("a\u00E9\u20AC\U0001F600\n")],
            (b, _) => TextFile.Read(new MemoryStream(b), "it")),
        ["packed text"] = new(8 * 1032, 2_000_000, textErrors, () => [.. Enum.GetValues<CompressionLevel>()
            .Select(l => GzipFileTests.Packed(Encoding.UTF8.GetBytes("To be, or not to be, that is the question.\n"), l))],
            (b, _) => TextFile.Read(new MemoryStream(b), "it")),
        ["pairs"] = new(64, 1_000_000, textErrors, () => ["Go.\tVa !\r\nHi\tSalut\ttatoeba.org\n"u8.ToArray()],
            FromFile(path => PairFile.ReadTabSeparated(path))),
        ["lines"] = new(64, 1_000_000, textErrors, () => ["a\nb\r\nc\r\u00E9"u8.ToArray(), GzipFileTests.Packed([.. "a\nb\n"u8])],
            FromFile(path => TextLines.Read(path).Count())),
        ["JSON lines"] = new(400, 1_000_000, textErrors,
            () => ["{\"text\":\"a\",\"label\":1}\n\n{\"label\":[\"a\",true],\"text\":\"\\u00e9\"}\r\n"u8.ToArray()],
            FromFile(path => JsonLines.ReadLabelled(path).Count())),
        ["CoNLL"] = new(200, 1_000_000, textErrors,
            () => ["-DOCSTART- O\n\nthe DT B-NP\nend NN I-NP\n\na DT O\n"u8.ToArray()],
            FromFile(path => ConllFile.Read(path).Count())),
        ["CoNLL-U"] = new(200, 1_000_000, textErrors,
            () => ["# x\n1\ta\ta\tDET\tDT\t_\t2\tdet\t_\t_\n1-2\tan\t_\t_\t_\t_\t_\t_\t_\t_\n"u8.ToArray()],
            FromFile(path => ConllFile.Read(path, ConllOptions.ConllU).Count())),
        ["delimited"] = new(400, 1_000_000, textErrors,
            () => ["a,b,c\n1,\"x, \"\"y\"\"\r\nz\",2.5\r\n\n3,,4\n"u8.ToArray()],
            FromFile(path => DelimitedFile.Read(path).Sum(row => row[1].Length + row.Float(-1, missing: 0f)))),

        // A row may be a thousand steps behind the one before, and each of them is a value of four bytes for each channel.
        ["series"] = new(4000, 2_000_000, textErrors,
            () => ["time,a,b\n2024-01-01,1,2\n2024-01-02,,3.5\r\n2024-01-04,4e1,NA\n"u8.ToArray(),
                "year,month,day,x\n2024,2,28,1\n2024,2,29,2\n"u8.ToArray()],
            FromFile(path => TimeSeriesFile.Read(path))),
        ["steps of a series"] = new(400, 2_000_000, textErrors,
            () => ["2024-01-01 00:00,1,2\n2024-01-01 03:00,\"3\",NA\n"u8.ToArray(),
                "b,when,a\n2,2024-01-01T00:00,1\n"u8.ToArray()],
            (b, _) => TimeSeriesFile.Follow(new StreamReader(new MemoryStream(b)), new TimeSeries([0f, 0f], ["a", "b"],
                new DateTime(2024, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(1)))).Count()),
        ["labelled series"] = new(400, 1_000_000, textErrors,
            () => ["1 0.5 -2e1\n\n-2 3\r\n"u8.ToArray(), "walk,1,2:3,4\n"u8.ToArray()],
            FromFile(path => LabelledSeriesFile.ReadLines(path).Count())),
        ["table of labelled series"] = new(400, 1_000_000, textErrors,
            () => ["id,time,x,y,label\n1,0,1,2,up\n1,1,3,4,up\n2,0,5,6,down\n"u8.ToArray()],
            FromFile(path => LabelledSeriesFile.ReadTable(path).Count())),
        ["metrics"] = new(400, 1_000_000, [typeof(UserException)],
            () => [[.. "{\"step\":1,\"loss\":2.5,\"learning_rate\":1e-3}\n{\"step\":2,\"validation_loss\":null}\n"u8]],
            (b, _) => LossCurve.Read(new StreamReader(new MemoryStream(b)), "it")),
        ["tokenizer"] = new(400, 1_000_000, [typeof(FormatException)], () => [.. new[]
            {
                new CharacterTokenizer("to be \U0001F600").ToJson(), new MarkedCharacterTokenizer("ab").ToJson(),
                new WordTokenizer("to be or not").ToJson(), new WordPieceTokenizer(["[UNK]", "[PAD]", "to", "##o"]).ToJson(),
                BytePairTokenizer.Train(["to be \u00E9"], 260, ["<s>"], minimumFrequency: 1).ToJson(),
                UnigramTokenizer.Train(["to be or to be \u00E9"], 300, ["<s>"]).ToJson(),
            }.Select(Encoding.UTF8.GetBytes)],
            (b, _) => Tokenizer.FromJson(Encoding.UTF8.GetString(b))),
        ["tokenizer of Hugging Face"] = new(400, 1_000_000, [typeof(FormatException)],
            () => [.. HuggingFaceFiles.All.Select(Encoding.UTF8.GetBytes)],
            (b, _) => HuggingFaceTokenizer.Parse(Encoding.UTF8.GetString(b))),
        ["checkpoint"] = new(64, 2_000_000, [typeof(CheckpointException)], () => [Checkpoint()],
            (b, to) => CheckpointFile.Read(new MemoryStream(Resealed(b)), "it", to).Dispose()),
        ["model"] = new(400, 20_000_000, [typeof(CheckpointException), typeof(StateDictionaryException)], () => [SavedModel()],
            (b, _) => ReadModel(Resealed(b))),
    };

    private readonly CpuBackend backend = new(threads: 1);

    public static TheoryData<string> Readers => [.. readers.Keys];

    public void Dispose() => backend.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_damaged_file_is_read_or_refused(string name)
    {
        var reader = readers[name];
        var seeds = reader.Seeds();
        var count = int.Parse(Environment.GetEnvironmentVariable("SEQCORE_FUZZ") ?? "10000", invariant);
        var refused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (most, clock) = (0L, Stopwatch.StartNew());
        foreach (var whole in seeds)
            reader.Read(whole, backend);
        for (var i = 0; i < count; i++)
        {
            var bytes = Mutations.Of(seeds, i);
            backend.TrimMemory();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                reader.Read(bytes, backend);
            }
            catch (Exception error) when (reader.Errors.Contains(error.GetType()))
            {
                refused[error.GetType().Name] = refused.GetValueOrDefault(error.GetType().Name) + 1;
            }
            catch (Exception error)
            {
                Assert.Fail($"{name}, mutation {i}: {error}");
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before + backend.Memory.PeakInUse;
            if (taken > reader.PerByte * bytes.Length + reader.Fixed)
                Assert.Fail($"{name}, mutation {i}: {bytes.Length} bytes took {taken} bytes of memory.");
            most = Math.Max(most, taken);
        }

        if (Environment.GetEnvironmentVariable("SEQCORE_FUZZ_LOG") is not { Length: > 0 } log)
            return;
        var kinds = string.Join(", ", refused.Select(r => $"{r.Value} by {r.Key}"));
        File.AppendAllText(log, $"{name}: {count} mutations, {count - refused.Values.Sum()} accepted, refused {kinds};"
            + $" at most {most} bytes; {clock.Elapsed.TotalSeconds.ToString("f1", invariant)} s\n");
    }

    private static void ReadSafetensors(byte[] bytes, Backend to)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(bytes), "it");
        foreach (var tensor in file.ReadAll(convert: true, to, (_, entry) => entry.TypeName is "F32" or "I32").Values)
            tensor.Dispose();
        foreach (var (name, _) in file.Entries.Where(e => e.Value.TypeName == "I32"))
            file.ReadIndices(name, to).Dispose();
        if (file.HasChecksum)
            file.VerifyChecksum();
    }

    private static void ReadNpz(byte[] bytes, Backend to)
    {
        using var file = NpzFile.Open(new MemoryStream(bytes), "it");
        foreach (var name in file.Names)
            file.Read(name, convert: true, to).Dispose();
    }

    /// <summary>A reader that takes the path of a file, which is in memory where the system has such a folder.</summary>
    private static Action<byte[], Backend> FromFile(Action<string> read) => (bytes, _) =>
    {
        var folder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var path = Path.Combine(folder, $"seqcore-fuzz-{Environment.ProcessId}");
        File.WriteAllBytes(path, bytes);
        try
        {
            read(path);
        }
        finally
        {
            File.Delete(path);
        }
    };

    private static void ReadModel(byte[] bytes)
    {
        using var file = ModelFile.OpenStream(new MemoryStream(bytes), "it");
        _ = (file.Step, file.Configuration.Count);
        Bert.Load(file).Dispose();
    }

    /// <summary>Puts the right checksum into the header half of the time, so that damage gets past it.</summary>
    private static byte[] Resealed(byte[] bytes) =>
        bytes.Length == 0 || bytes[^1] % 2 == 0 ? bytes : SafetensorsFileTests.Resealed(bytes);

    private static byte[] Safetensors(bool checksum)
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        using var i = IndexTensor.FromSpan([1, 2], [2]);
        var stream = new MemoryStream();
        var metadata = new Dictionary<string, string> { ["who"] = "me" };
        SafetensorsFile.Write(stream, [new("x", x), new("y", x)], [new("i", i)], metadata, checksum);
        return stream.ToArray();
    }

    private static byte[] Checkpoint()
    {
        using var x = Tensor.FromSpan([1f, 2f], [2]);
        var data = new CheckpointData { Step = 3 };
        data.Add("model", [new("x", x)]);
        data.SetConfiguration("size", "7");
        var stream = new MemoryStream();
        CheckpointFile.Write(stream, data);
        return stream.ToArray();
    }

    private static byte[] SavedModel()
    {
        using var folder = new Models.TemporaryFolder();
        using var model = new Bert(new() { VocabularySize = 7, MaximumLength = 4, Layers = 1, HeadCount = 1, ModelSize = 2 },
            new RandomGenerator(1))
        { Tokenizer = new MarkedCharacterTokenizer("ab") };
        model.Save(folder.File("model.safetensors"));
        return File.ReadAllBytes(folder.File("model.safetensors"));
    }

    private static string[] NpyGoldens() => [TensorFileGoldens.Float32, TensorFileGoldens.Float32ColumnMajor,
        TensorFileGoldens.Int32ColumnMajor, TensorFileGoldens.BigEndian, TensorFileGoldens.UInt8];

    private sealed record Reader(long PerByte, long Fixed, Type[] Errors, Func<IReadOnlyList<byte[]>> Seeds,
        Action<byte[], Backend> Read);
}
