using System.CommandLine;

namespace SeqCore.Samples.Common;

/// <summary>A command that computes.</summary>
public abstract class MachineCommand
{
    private readonly MachineOptions options = new();

    /// <summary>A command that does this.</summary>
    /// <param name="name">What a user types.</param>
    /// <param name="description">For --help.</param>
    /// <param name="context">Of the program.</param>
    public Command Create(string name, string description, Context context)
    {
        var command = new Command(name, description);
        MakeDefault(command, context);
        return command;
    }

    /// <summary>Makes a command, such as a program without one, do this.</summary>
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

    /// <summary>Does it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="context">Where to write, and when to stop.</param>
    /// <param name="machine">Computes.</param>
    /// <exception cref="UserException">It cannot be done.</exception>
    protected abstract void Run(ParseResult result, Context context, Machine machine);
}
