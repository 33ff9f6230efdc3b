# Completion of ksecret for PowerShell. To load it: ksecret completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'ksecret' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @()
    $last = ''
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        $text = $element.Extent.Text
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $text = $element.Value }
        if ($element.Extent.EndOffset -ge $cursorPosition) { $last = $text } else { $words += $text }
    }
    $program = if ($words.Count -gt 0) { $words[0] } else { 'ksecret' }
    if (-not (Get-Command -Name $program -CommandType Application -ErrorAction SilentlyContinue)) { $program = 'ksecret' }

    # Words go through a pipe: other users can read arguments.
    $typed = (@($words | Select-Object -Skip 1) + $last | ForEach-Object { "$_`0" }) -join ''
    $lines = @($typed | & $program __complete 2>$null)
    if ($lines.Count -eq 0) { return }
    $directive = [int]($lines[-1].TrimStart(':'))

    # Values of a flag come without it.
    $flag = if ($last -match '^-[^=]*=') { $Matches[0] } else { '' }
    if ($lines.Count -gt 1) {
        foreach ($line in $lines[0..($lines.Count - 2)]) {
            $text, $about = $line -split "`t", 2
            if (-not $about) { $about = $text }
            $whole = "$flag$text"
            if ($whole -notmatch '^[\w./:@=,+-]+$') { $whole = "'" + $whole.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new($whole, $text, 'ParameterValue', $about)
        }
    } elseif (($directive -band 4) -eq 0) {
        $path = $last.Substring($last.LastIndexOf('=') + 1)
        $before = $last.Substring(0, $last.Length - $path.Length)
        foreach ($found in [System.Management.Automation.CompletionCompleters]::CompleteFilename($path)) {
            [System.Management.Automation.CompletionResult]::new("$before$($found.CompletionText)", $found.ListItemText, $found.ResultType, $found.ToolTip)
        }
    } else {
        ''
    }
}
