using System.Diagnostics;
using System.Runtime.Versioning;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Tensors.Files;

public sealed class AtomicFileTests : IDisposable
{
    /// <summary>Every public way to write a file at a path.</summary>
    private static readonly Dictionary<string, Action<string, Tensor>> writers = new()
    {
        ["safetensors"] = (path, x) => SafetensorsFile.Write(path, [new("a", Filled()), new("x", x)]),
        ["npz"] = (path, x) => NpzFile.Write(path, [new("a", Filled()), new("x", x)]),
        ["compressed npz"] = (path, x) => NpzFile.Write(path, [new("a", Filled()), new("x", x)], compress: true),
        ["npy"] = (path, x) => NpyFile.Write(path, x),
        ["npy of indices"] = (path, x) => NpyFile.Write(path, IndicesLike(x)),
        ["model"] = (path, x) => new OneTensor(x).Save(path),
    };

    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-atomic-").FullName;

    public static TheoryData<string> Writers => [.. writers.Keys];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Writers_of_one_file_do_not_mix_what_they_write()
    {
        var path = Path.Combine(folder, "file");
        var tasks = Enumerable.Range(1, 4).Select(w => Task.Run(() =>
        {
            var content = new byte[100_000];
            Array.Fill(content, (byte)w);
            for (var i = 0; i < 40; i++)
                AtomicFile.Write(path, file => file.Write(content));
        })).ToArray();
        var all = Task.WhenAll(tasks);
        while (!all.IsCompleted)
        {
            if (File.Exists(path))
                File.ReadAllBytes(path).Distinct().Should().ContainSingle();
        }

        await all;
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_file_before_and_nothing_else()
    {
        var path = Path.Combine(folder, "file");
        AtomicFile.Write(path, file => file.WriteByte(1));
        FluentActions.Invoking(() => AtomicFile.Write(path, file =>
        {
            file.WriteByte(2);
            throw new IOException("No space left on device.");
        })).Should().Throw<IOException>().WithMessage("No space left*");
        File.ReadAllBytes(path).Should().Equal(1);
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Fact]
    public async Task A_writer_that_waits_is_as_careful()
    {
        var path = Path.Combine(folder, "file");
        await AtomicFile.WriteAsync(path, async file => await file.WriteAsync(new byte[] { 1 }));
        await FluentActions.Awaiting(() => AtomicFile.WriteAsync(path, async file =>
        {
            await file.WriteAsync(new byte[] { 2 });
            throw new IOException("No space left on device.");
        })).Should().ThrowAsync<IOException>();
        File.ReadAllBytes(path).Should().Equal(1);
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_closed_tensor_leaves_the_file_before(string writer)
    {
        var path = Path.Combine(folder, "file.bin");
        writers[writer](path, Filled());
        var before = File.ReadAllBytes(path);
        var closed = Filled();
        closed.Dispose();

        FluentActions.Invoking(() => writers[writer](path, closed)).Should().Throw<ObjectDisposedException>();
        File.ReadAllBytes(path).Should().Equal(before);
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Fact]
    public void Names_are_checked_before_the_file_is_touched()
    {
        var path = Path.Combine(folder, "file");
        File.WriteAllText(path, "before");
        KeyValuePair<string, Tensor>[] twice = [new("x", Filled()), new("x", Filled())];
        KeyValuePair<string, Tensor>[] half = [new("x\uD800", Filled())];
        FluentActions.Invoking(() => SafetensorsFile.Write(path, twice)).Should().Throw<ArgumentException>()
            .WithMessage("SafetensorsFile.Write: the name 'x' is taken; each tensor needs a unique one.");
        FluentActions.Invoking(() => NpzFile.Write(path, twice)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => SafetensorsFile.Write(path, half)).Should().Throw<ArgumentException>()
            .WithMessage("SafetensorsFile.Write: a name contains an unpaired surrogate at position 1, which no file can hold.");
        FluentActions.Invoking(() => NpzFile.Write(path, half)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => SafetensorsFile.Write(path, [], new Dictionary<string, string> { ["k"] = "\uDC00" }))
            .Should().Throw<ArgumentException>()
            .WithMessage("SafetensorsFile.Write: the value of 'k' in the metadata contains an unpaired surrogate at position 0*");
        FluentActions.Invoking(() => NpzFile.Write(path, [new(new string('x', 70_000), Filled())]))
            .Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => SafetensorsFile.Write(path, [new("x", null!)])).Should().Throw<ArgumentNullException>();
        File.ReadAllText(path).Should().Be("before");
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_missing_folder_is_named_as_given(string writer)
    {
        var path = Path.Combine(folder, "missing", "file.bin");
        FluentActions.Invoking(() => writers[writer](path, Filled())).Should().Throw<DirectoryNotFoundException>()
            .WithMessage($"'{path}' cannot be written: there is no folder '{Path.Combine(folder, "missing")}'. Create it first.");
    }

    [Fact]
    public void Errors_name_the_path_that_was_asked_for()
    {
        File.WriteAllText(Path.Combine(folder, "plain"), "");
        Refused<IOException>(Path.Combine(folder, "plain", "file")).Should().Contain("is a file, not a folder");
        Refused<UnauthorizedAccessException>(folder).Should().Contain("is a folder");
        var path = Path.Combine(folder, "full");
        FluentActions.Invoking(() => AtomicFile.Write(path, file => throw new IOException($"No space left : '{file.Name}'")))
            .Should().Throw<IOException>().WithMessage($"No space left : '{path}'");
    }

    [Fact]
    public void A_folder_where_nothing_can_be_made_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder that nobody may write.");
        FluentActions.Invoking(() => AtomicFile.Write("/sys/file", _ => { })).Should().Throw<Exception>()
            .Which.Should().Match(e => e is IOException || e is UnauthorizedAccessException)
            .And.Subject.As<Exception>().Message.Should().Contain("'/sys/file'");
    }

    [Fact]
    public void A_name_as_long_as_the_system_takes_can_be_written()
    {
        var path = Path.Combine(folder, new string('n', 255));
        AtomicFile.WriteText(path, "x");
        File.ReadAllText(path).Should().Be("x");
        FluentActions.Invoking(() => AtomicFile.WriteText(path + "n", "x")).Should().Throw<IOException>();
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        var (real, link, second) = (Path.Combine(folder, "real"), Path.Combine(folder, "link"), Path.Combine(folder, "second"));
        Directory.CreateDirectory(real);
        File.CreateSymbolicLink(link, Path.Combine("real", "file"));
        File.CreateSymbolicLink(second, "link");
        foreach (var text in new[] { "made", "replaced" })
        {
            AtomicFile.WriteText(second, text);
            File.ReadAllText(Path.Combine(real, "file")).Should().Be(text);
            File.ResolveLinkTarget(link, returnFinalTarget: false).Should().NotBeNull();
        }

        Directory.GetFiles(real).Should().ContainSingle();
        File.Delete(link);
        File.CreateSymbolicLink(link, "second");
        FluentActions.Invoking(() => AtomicFile.WriteText(link, "")).Should().Throw<IOException>().WithMessage("*cycle.");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_keeps_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        var path = Path.Combine(folder, "file");
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteText(path, "secret");
        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_or_folder_that_may_not_be_written_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "An administrator may write everything.");
        var path = Path.Combine(folder, "file");
        File.WriteAllText(path, "before");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Refused<UnauthorizedAccessException>(path).Should().Contain(path);
        File.ReadAllText(path).Should().Be("before");
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Refused<UnauthorizedAccessException>(Path.Combine(folder, "new")).Should().Contain($"'{Path.Combine(folder, "new")}'");
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Where_no_file_can_be_made_the_error_is_of_a_write()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        Refused<FileNotFoundException>("/proc/x").Should().Be("'/proc/x' cannot be written: nothing is open there, and no file"
            + " can be made.");
    }

    [Fact]
    public void Devices_are_written_and_stay_devices()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices are known on Linux only.");
        AtomicFile.WriteText("/dev/null", "x");
        AtomicFile.RequireWritable("/dev/null");
        UnixFile.KindOf("/dev/null").Should().Be(FileKind.Device);
        Directory.GetFiles("/dev", "*" + AtomicFile.UnfinishedExtension).Should().BeEmpty();
    }

    [Fact]
    public async Task A_pipe_is_written_if_someone_reads_it_and_refused_otherwise()
    {
        var path = NewPipe();
        Refused<IOException>(path).Should().Contain("is a pipe without a reader");
        using var shell = Process.Start(new ProcessStartInfo("cat", path) { RedirectStandardOutput = true })!;
        await Retry(() => SafetensorsFile.Write(path, [new("x", Filled())]));
        var read = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        read.Should().Contain("{\"x\":{\"dtype\":\"F32\"");
        UnixFile.KindOf(path).Should().Be(FileKind.Pipe);
    }

    [Fact]
    public async Task A_pipe_is_read_if_someone_writes_it_and_refused_otherwise()
    {
        var path = NewPipe();
        FluentActions.Invoking(() => InputFile.OpenSequential(path)).Should().Throw<IOException>()
            .WithMessage("*is an empty pipe without a writer*");
        FluentActions.Invoking(() => InputFile.Open(path)).Should().Throw<IOException>().WithMessage("*is a pipe or a device*");
        using var shell = Process.Start("sh", ["-c", $"exec > '{path}'; sleep 0.2; printf one; sleep 0.2; printf two"]);
        Stream? pipe = null;
        await Retry(() => pipe = InputFile.OpenSequential(path));
        using var reader = new StreamReader(pipe!);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be("onetwo");
    }

    [Fact]
    public void Pages_and_other_texts_are_written_the_same_way()
    {
        var path = Path.Combine(folder, "page.html");
        File.CreateSymbolicLink(path, "other.html");
        new HtmlPage("title").Save(path);
        File.ResolveLinkTarget(path, returnFinalTarget: false).Should().NotBeNull("a link is left where the file is replaced");
        OptionKinds.RequireWritable(path);
        Directory.GetFiles(folder).Should().HaveCount(2);
    }

    /// <summary>Until the program at the other end has opened the pipe.</summary>
    private static async Task Retry(Action action)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                action();
                return;
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    private string NewPipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are known on Linux only.");
        var path = Path.Combine(folder, "pipe");
        using var made = Process.Start("mkfifo", path);
        made.WaitForExit();
        return path;
    }

    private static string Refused<TException>(string path) where TException : Exception =>
        FluentActions.Invoking(() => AtomicFile.WriteText(path, "x")).Should().Throw<TException>().Which.Message;

    private static Tensor Filled() => Tensor.Ones([2, 3]);

    private static IndexTensor IndicesLike(Tensor x)
    {
        var indices = IndexTensor.FromSpan([1, 2], [2]);
        if (x.IsDisposed)
            indices.Dispose();
        return indices;
    }

    private sealed class OneTensor : Model
    {
        internal OneTensor(Tensor value) => Register("value", value.IsDisposed ? Closed() : new Parameter(value));

        private static Parameter Closed()
        {
            var parameter = new Parameter(Filled());
            parameter.Value.Dispose();
            return parameter;
        }
    }
}
