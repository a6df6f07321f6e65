using System.CommandLine;
using System.Globalization;
using SeqCore.Kernels;

namespace SeqCore.Samples.Common;

/// <summary>A command that computes.</summary>
public abstract class MachineCommand
{
    private readonly MachineOptions options = new();

    /// <summary>Makes the command-line command that runs this.</summary>
    /// <param name="name">The name that a user types.</param>
    /// <param name="description">The text of --help.</param>
    /// <param name="context">The program's console and cancellation.</param>
    public Command Create(string name, string description, Context context)
    {
        var command = new Command(name, description);
        MakeDefault(command, context);
        return command;
    }

    /// <summary>Makes an existing command, such as the root command, run this.</summary>
    public void MakeDefault(Command command, Context context)
    {
        AddTo(command);
        options.AddTo(command);
        command.SetAction(result =>
        {
            var terminal = context.Terminal.With(options.Json(result));
            using var machine = options.Open(result);
            Run(result, context with { Terminal = terminal }, machine);
            return ExitCode.Done;
        });
    }

    /// <summary>Adds the options to a command.</summary>
    protected abstract void AddTo(Command command);

    /// <summary>Runs the command.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="context">The console and cancellation.</param>
    /// <param name="machine">The device that computes.</param>
    /// <exception cref="UserException">The command cannot be run.</exception>
    protected abstract void Run(ParseResult result, Context context, Machine machine);
}

/// <summary>The options that every command takes, such as the device that computes.</summary>
public sealed class MachineOptions
{
    private readonly Option<Device> device = OptionKinds.Device();
    private readonly Option<int> threads = OptionKinds.Threads();
    private readonly Option<bool> json = OptionKinds.Json();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.StartGroup("Device and output");
        command.Options.Add(device);
        command.Options.Add(threads);
        command.Options.Add(json);
    }

    /// <summary>Whether --json was given.</summary>
    public bool Json(ParseResult result) => result.GetValue(json);

    /// <summary>Makes the requested device the default one until the result is disposed.</summary>
    /// <exception cref="UserException">This program or machine cannot use it; the message says why.</exception>
    public Machine Open(ParseResult result) => Machine.Open(result.GetValue(device)!, result.Threads(threads));
}

/// <summary>A device in use as the default one.</summary>
public sealed class Machine : IDisposable
{
    private readonly Backend before = Backend.Default;

    private Machine(Device device, int threads)
    {
        var isDefault = before.Device == device && (threads == 0 ? Environment.ProcessorCount : threads) == before.Threads;
        Backend = isDefault ? before : device.CreateBackend(threads);
        Backend.Default = Backend;
    }

    /// <summary>Uses a backend, which is disposed with this object.</summary>
    public Machine(Backend backend) => Backend.Default = Backend = backend;

    /// <summary>The backend that runs the kernels.</summary>
    public Backend Backend { get; }

    /// <summary>Makes a device the default one until the result is disposed.</summary>
    /// <exception cref="UserException">This program or machine cannot use it; the message says why.</exception>
    public static Machine Open(Device device, int threads = 0)
    {
        try
        {
            return new Machine(device, threads);
        }
        catch (NotSupportedException missing)
        {
            throw new UserException(missing.Message);
        }
    }

    /// <summary>The device as shown to users.</summary>
    public string Description => Backend.Device.Kind == DeviceKind.Cpu
        ? $"cpu, {Backend.Threads} {(Backend.Threads == 1 ? "thread" : "threads")} of {Device.Cpu.GetInfo().Description}"
        : OfGpu(Backend.Device.GetInfo());

    /// <summary>Bytes of memory that a computation on the default device can use.</summary>
    public static long AvailableMemory =>
        Kernels.Backend.Default.Device is { Kind: not DeviceKind.Cpu } gpu && gpu.GetInfo().Memory is { } memory
        ? memory
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>
    /// Lists every device found with its memory and, for each one that cannot be used, the reason; JSON lines where requested.
    /// </summary>
    public static void List(Terminal terminal)
    {
        foreach (var info in Device.List())
        {
            var reason = info.UnusableReason is null ? "" : $"; cannot be used: {info.UnusableReason}";
            terminal.Pair(info.Device.ToString(), info.Description + Memory(info) + reason);
            terminal.Result(Values(info));
        }
    }

    /// <summary>The values of a device for JSON; its memory is in bytes.</summary>
    private static IEnumerable<(string Name, object? Value)> Values(DeviceInfo info) =>
    [
        ("event", "device"), ("device", info.Device.ToString()), ("description", info.Description), ("memory", info.Memory),
        ("usable", info.UnusableReason is null), ("reason", info.UnusableReason),
    ];

    private static string OfGpu(DeviceInfo info) =>
        $"{info.Device}, {info.Description}{Memory(info)}";

    private static string Memory(DeviceInfo info) => info.Memory is { } memory
        ? $", {(memory / 1e9).ToString("0.#", CultureInfo.InvariantCulture)} GB of memory"
        : "";

    /// <summary>Restores the previous default device.</summary>
    public void Dispose()
    {
        Backend.Default = before;
        if (Backend != before)
            Backend.Dispose();
    }
}
