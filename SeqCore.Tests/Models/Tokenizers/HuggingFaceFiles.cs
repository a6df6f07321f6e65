using System.Text.Json;
using System.Text.Json.Nodes;

namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>Small files as Hugging Face writes them.</summary>
internal static class HuggingFaceFiles
{
    internal const string Gpt2 = """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[{"id":9,"content":"<|endoftext|>","single_word":false,
        "lstrip":false,"rstrip":false,"normalized":true,"special":true}],"normalizer":null,"pre_tokenizer":{"type":"ByteLevel",
        "add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":{"type":"ByteLevel",
        "add_prefix_space":true,"trim_offsets":false,"use_regex":true},"decoder":{"type":"ByteLevel",
        "add_prefix_space":true,"trim_offsets":true,"use_regex":true},
        "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",
        "end_of_word_suffix":"","fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
        "vocab":{"a":0,"b":1,"\u0120":2,"ab":3,"\u0120ab":4,"\u00c3":5,"\u00a9":6,"\u00c3\u00a9":7,"abab":8},
        "merges":["a b","\u0120 ab",["\u00c3","\u00a9"],["ab","ab"]]}}
        """;

    internal const string Roberta = """
        {"added_tokens":[{"id":0,"content":"<s>","special":true},{"id":1,"content":"</s>","special":true},
        {"id":2,"content":"<unk>","special":true}],"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true},
        "post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0],"trim_offsets":true},
        "model":{"unk_token":"<unk>","vocab":{"<s>":0,"</s>":1,"<unk>":2,"\u0120":3,"a":4,"\u0120a":5},"merges":["\u0120 a"]}}
        """;

    internal const string Bert = """
        {"version":"1.0","added_tokens":[{"id":0,"content":"[PAD]","single_word":false,"lstrip":false,"rstrip":false,
        "normalized":false,"special":true},{"id":2,"content":"[CLS]","special":true},{"id":3,"content":"[SEP]","special":true},
        {"id":7,"content":"[X]","special":true}],"normalizer":{"type":"BertNormalizer","clean_text":true,
        "handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},
        "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},
        {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],"pair":[],"special_tokens":{}},
        "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},"model":{"type":"WordPiece","unk_token":"[UNK]",
        "continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"un":4,
        "##do":5,"e":6}}}
        """;

    internal const string Unigram = """
        {"version":"1.0","added_tokens":[{"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,
        "normalized":false,"special":true},{"id":6,"content":"</s>","special":true}],"normalizer":null,
        "pre_tokenizer":{"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true},
        "post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},
        {"SpecialToken":{"id":"</s>","type_id":0}}],"pair":[],"special_tokens":{}},
        "decoder":{"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true},"model":{"type":"Unigram",
        "unk_id":0,"vocab":[["<unk>",0.0],["\u2581",-3.5],["\u2581ab",-4.25],["a",-5.0],["b",-5.5],["\u2581a",-4.0]],
        "byte_fallback":false}}
        """;

    internal static string[] All => [Gpt2, Roberta, Bert, Unigram];

    /// <summary>Returns a file with one value replaced, whose place is written as names with points between.</summary>
    internal static string With(string json, string place, string value)
    {
        var file = JsonNode.Parse(json)!;
        var names = place.Split('.');
        var at = file;
        foreach (var name in names[..^1])
            at = int.TryParse(name, out var index) ? at[index]! : at[name]!;
        if (int.TryParse(names[^1], out var last))
            at[last] = JsonNode.Parse(value);
        else
            at[names[^1]] = JsonNode.Parse(value);
        return file.ToJsonString(new JsonSerializerOptions());
    }
}
